"""The tables of the raw database: accepted rows by entity, the load and the evaluation ledger."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict

import duckdb

from orchestration.contract import Column, Entity
from orchestration.load import sql
from orchestration.load.report import Batch
from orchestration.load.values import duckdb_type

LEDGER_DDL = """
    create schema if not exists load_ledger;
    create table if not exists load_ledger.batches (
        batch_id varchar, family varchar, entity varchar, file varchar, content_hash varchar,
        size_bytes bigint, mtime_ns bigint, status varchar, reason varchar, received_count bigint,
        accepted_count bigint, rejected_count bigint, duplicate_count bigint,
        corrected_count bigint, extra_columns varchar, last_known_at timestamp, loaded_at timestamp
    );
    create table if not exists load_ledger.rejected_rows (
        family varchar, entity varchar, batch_id varchar, file varchar, row_no bigint,
        column_name varchar, reason_code varchar, remedy varchar, message varchar, value varchar,
        raw_row varchar
    );
    create schema if not exists evaluation_ledger;
    create table if not exists evaluation_ledger.evidence (
        evaluated_on date, account_id varchar, component_code varchar, value double, ci_low double,
        ci_high double, people_count bigint, evidence_grade varchar, period_start date,
        period_end date, is_supplied boolean, reason varchar
    );
    create table if not exists evaluation_ledger.evaluations (
        evaluated_on date, fingerprint varchar, evaluated_at timestamp, rows_count bigint
    );
"""
BOOKKEEPING = (
    "_batch_id varchar, _file varchar, _row_no bigint, _loaded_at timestamp, _extra varchar"
)


def prepare(connection: duckdb.DuckDBPyConnection, contract: Iterable[Entity]) -> None:
    """Create the ledgers and the raw tables where missing, and add columns new in the contract."""
    connection.begin()
    connection.execute(LEDGER_DDL)
    there: dict[str, set[str]] = {}
    for schema, table, column in connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where not internal"
    ).fetchall():
        there.setdefault(f"{sql.name(schema)}.{sql.name(table)}", set()).add(column)
    for entity in contract:
        table = raw_table(entity)
        if table not in there:
            columns = ", ".join(map(_definition, entity.columns))
            connection.execute(f"create schema if not exists {sql.name('raw_' + entity.family)}")
            connection.execute(f"create table {table} ({columns}, {BOOKKEEPING})")
            continue
        for column in entity.columns:
            if column.name not in there[table]:
                connection.execute(f"alter table {table} add column {_definition(column)}")
    connection.commit()


def _definition(column: Column) -> str:
    return f"{sql.name(column.name)} {duckdb_type(column)}"


def raw_table(entity: Entity) -> str:
    """Return the name of an entity's raw table as SQL."""
    return f"{sql.name('raw_' + entity.family)}.{sql.name(entity.name)}"


def write_batch(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Write the ledger row of a batch in place of the file's earlier failure."""
    connection.execute(
        "delete from load_ledger.batches where file = ? and status = 'failed'", [batch.file]
    )
    row = asdict(batch)
    places = ", ".join("?" for _ in row)
    connection.execute(
        f"insert into load_ledger.batches ({sql.names(row)}) values ({places})", list(row.values())
    )


def forget_failures(connection: duckdb.DuckDBPyConnection, keep: list[str]) -> None:
    """Drop the failed batches of files that are no longer there: nobody can mend them."""
    connection.execute(
        """
        delete from load_ledger.batches
        where status = 'failed' and file not in (select unnest(?::varchar[]))
        """,
        [keep],
    )


def loaded_files(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """Return the size and time of change that each file had when it was last loaded."""
    rows = connection.execute("""
        select file, max_by(size_bytes, batch_id), max_by(mtime_ns, batch_id)
        from load_ledger.batches
        where status <> 'failed'
        group by file
    """).fetchall()
    return {file: (size, mtime_ns) for file, size, mtime_ns in rows}


def has_rows(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether any row was ever accepted."""
    query = "select coalesce(sum(accepted_count), 0) > 0 from load_ledger.batches"
    return connection.execute(query).fetchall()[0][0]


def next_number(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the running number of the next batch."""
    (last,) = connection.execute(
        "select max(split_part(batch_id, '-', 1)::bigint) from load_ledger.batches"
    ).fetchall()[0]
    return (last or 0) + 1


def problem_counts(connection: duckdb.DuckDBPyConnection, batches: Iterable[Batch]) -> Counter[str]:
    """Return how many problems of each reason code the batches have."""
    rows = connection.execute(
        """
        select reason_code, count(*) from load_ledger.rejected_rows
        where batch_id in (select unnest(?::varchar[]))
        group by reason_code
        """,
        [[batch.batch_id for batch in batches]],
    ).fetchall()
    return Counter(dict(rows))
