"""The load ledger: one row per batch, one row per problem of a rejected row, and the raw tables."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime

import duckdb

from orchestration.contract import Entity
from orchestration.load import checks, sql

LEDGER_DDL = """
    create schema if not exists load_ledger;
    create table if not exists load_ledger.batches (
        batch_id varchar, family varchar, entity varchar, file varchar, content_hash varchar,
        size_bytes bigint, mtime_ns bigint, status varchar, reason varchar, received_count bigint,
        accepted_count bigint, rejected_count bigint, duplicate_count bigint, corrected_count bigint,
        extra_columns varchar, last_known_at timestamp, loaded_at timestamp
    );
    create table if not exists load_ledger.rejected_rows (
        family varchar, entity varchar, batch_id varchar, file varchar, row_no bigint,
        column_name varchar, reason_code varchar, message varchar, value varchar, raw_row varchar
    );
"""
BOOKKEEPING = (
    "_batch_id varchar, _file varchar, _row_no bigint, _loaded_at timestamp, _extra varchar"
)


@dataclass(frozen=True)
class Batch:
    """What became of one file: received = accepted + rejected + duplicate, counted in rows.

    A correction is an accepted row whose key was landed before with other content.
    """

    batch_id: str
    family: str
    entity: str
    file: str
    status: str
    reason: str | None = None
    content_hash: str | None = None
    size_bytes: int | None = None
    mtime_ns: int | None = None
    received_count: int = 0
    accepted_count: int = 0
    rejected_count: int = 0
    duplicate_count: int = 0
    corrected_count: int = 0
    extra_columns: str | None = None
    last_known_at: datetime | None = None
    loaded_at: datetime | None = None

    @property
    def line(self) -> str:
        """The batch on one line for a person."""
        place = "/".join(filter(None, (self.family, self.entity))) or "landing folder"
        if self.status == "failed":
            return f"{place}: {self.file} failed: it {self.reason}"
        if self.status == "duplicate":
            return (
                f"{place}: {self.file} holds what was loaded before, {self.received_count:,} rows"
            )
        parts = [f"{self.received_count:,} rows"]
        for label in ("rejected", "duplicate", "corrected"):
            if count := getattr(self, f"{label}_count"):
                parts.append(f"{count:,} {label}")
        if self.extra_columns:
            parts.append(f"unknown columns kept aside: {self.extra_columns}")
        return f"{place}: {self.file}: {', '.join(parts)}"


@dataclass
class LoadReport:
    """What one load did: its batches in order, the files it had no need to read, and what it passed over."""

    batches: list[Batch] = field(default_factory=list)
    unchanged_count: int = 0
    passed_over: list[str] = field(default_factory=list)
    problem_counts: Counter[str] = field(default_factory=Counter)
    note: str | None = None

    def total(self, count: str) -> int:
        """Return the sum of a count, such as `accepted_count`, over the batches."""
        return sum(getattr(batch, count) for batch in self.batches)

    @property
    def failed(self) -> list[Batch]:
        """The files of which nothing was loaded."""
        return [batch for batch in self.batches if batch.status == "failed"]

    @property
    def summary(self) -> str:
        """The load in a few lines for a person."""
        lines = [self.note] if self.note else []
        lines.append(
            f"{len(self.batches)} files, {self.unchanged_count} unchanged: "
            f"{self.total('received_count'):,} rows received = {self.total('accepted_count'):,} accepted "
            f"+ {self.total('rejected_count'):,} rejected + {self.total('duplicate_count'):,} duplicate"
        )
        if corrected := self.total("corrected_count"):
            lines.append(f"{corrected:,} of the accepted rows correct an earlier one")
        lines += [
            f"rejected, {code}: {count:,}" for code, count in self.problem_counts.most_common()
        ]
        lines += [f"failed: {batch.file} {batch.reason}" for batch in self.failed]
        if self.passed_over:
            shown = ", ".join(self.passed_over[:10])
            more = f" and {len(self.passed_over) - 10} more" if len(self.passed_over) > 10 else ""
            lines.append(f"not looked at, hidden or unfinished: {shown}{more}")
        return "\n".join(lines)


def prepare(connection: duckdb.DuckDBPyConnection, contract: Iterable[Entity]) -> None:
    """Create the ledger and a raw table per entity where missing, and add columns new in the contract."""
    connection.execute(LEDGER_DDL)
    for entity in contract:
        table = raw_table(entity)
        connection.execute(f"create schema if not exists {sql.name('raw_' + entity.family)}")
        columns = [
            f"{sql.name(column.name)} {checks.duckdb_type(column)}" for column in entity.columns
        ]
        connection.execute(
            f"create table if not exists {table} ({', '.join(columns)}, {BOOKKEEPING})"
        )
        for column in columns:
            connection.execute(f"alter table {table} add column if not exists {column}")


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
