"""The rows of one batch: what was loaded of the same content before, and what is written now."""

from datetime import datetime

import duckdb

from orchestration.contract import Entity
from orchestration.load import sql
from orchestration.load.ledger import raw_table
from orchestration.load.report import Batch
from orchestration.load.stage import Staged


def received_before(connection: duckdb.DuckDBPyConnection, batch: Batch) -> int | None:
    """Return the row count of the batch that loaded the same content; None where rows must be read.

    They must be read where other rows of the entity were accepted since: then the content may be a
    snapshot that returns to an earlier state, and each row is compared with the one landed last.
    """
    (received,) = connection.execute(
        """
        select max(received_count) from load_ledger.batches
        where
            family = $family and entity = $entity and content_hash = $content_hash
            and status = 'loaded'
            and batch_id >= (
                select coalesce(max(batch_id), '') from load_ledger.batches
                where
                    family = $family and entity = $entity and accepted_count > 0
            )
        """,
        {"family": batch.family, "entity": batch.entity, "content_hash": batch.content_hash},
    ).fetchall()[0]
    return received


def insert_accepted(
    connection: duckdb.DuckDBPyConnection,
    entity: Entity,
    batch: Batch,
    row_no: str,
    duplicates: int,
) -> int:
    """Insert the rows that are neither rejected nor duplicate; return their number."""
    columns = sql.names(column.name for column in entity.columns)
    is_new = f"{row_no} not in (select row_no from temp.repeats where is_duplicate)"
    # `_row_no` keeps the order. Inserting in order leaves ragged row groups, which DuckDB would
    # write a second time when it closes the file.
    connection.execute("set preserve_insertion_order = false")
    (count,) = connection.execute(
        f"""
        insert into {raw_table(entity)} ({columns}, _batch_id, _file, _row_no, _loaded_at, _extra)
        select {columns}, ?, ?, {row_no}, ?, _extra
        from temp.incoming
        where _problems is null and {is_new if duplicates else "true"}
        """,
        [batch.batch_id, batch.file, batch.loaded_at],
    ).fetchall()[0]
    return count


def insert_rejected(connection: duckdb.DuckDBPyConnection, batch: Batch, staged: Staged) -> None:
    """Insert one row per problem of the rejected rows."""
    connection.execute(
        f"""
        insert into load_ledger.rejected_rows (
            family, entity, batch_id, file, row_no, column_name, reason_code, remedy, message,
            value, raw_row
        )
        with problems as (
            select {staged.row_no} as row_no, unnest(_problems, recursive := true), _raw_row
            from temp.incoming
            where _problems is not null
            union all by name
            select row_no, reason_code, message as remedy, message, raw_row as _raw_row
            from temp.broken
        )

        select
            ?, ?, ?, ?, row_no, column_name, reason_code, remedy,
            'row ' || row_no || ': ' || message, value, _raw_row
        from problems
        """,
        [batch.family, batch.entity, batch.batch_id, batch.file],
    )


def last_known_at(
    connection: duckdb.DuckDBPyConnection, entity: Entity, batch: Batch
) -> datetime | None:
    """Return when the latest accepted row was known; a stamp later than the load does not count."""
    times = [name for name in (entity.known_at, entity.event_time) if name]
    if not times:
        return None
    known_at = f"coalesce({', '.join(f'{sql.name(name)}::timestamp' for name in times)})"
    (last,) = connection.execute(
        f"""
        select max({known_at}) from {raw_table(entity)}
        where _batch_id = ? and {known_at} <= ?
        """,
        [batch.batch_id, batch.loaded_at],
    ).fetchall()[0]
    return last
