"""One file, one transaction: its accepted rows, its rejected rows and its ledger row, or none of them."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.contract import Entity
from orchestration.load import sql
from orchestration.load.landing import FileProblem, LandedFile, Stamp, cause
from orchestration.load.ledger import Batch, raw_table, write_batch
from orchestration.load.repeats import find_repeats
from orchestration.load.stage import Staged, stage_file

CHANGED = "was changed, moved or removed while it was read: the next load tries it again"


def load_file(
    connection: duckdb.DuckDBPyConnection,
    file: LandedFile,
    entity: Entity | None,
    number: int,
    loaded_at: datetime,
    work_dir: Path,
) -> Batch:
    """Load one file and return its batch; where it cannot be loaded, the failed batch says why."""
    batch = Batch(
        batch_id=f"{number:06d}-00000000",
        family=file.family,
        entity=file.entity,
        file=file.label,
        status="failed",
        loaded_at=loaded_at,
    )
    stamp = None
    try:
        if entity is None or file.problem:
            raise FileProblem(file.problem or "belongs to no entity")
        stamp = Stamp.of(file.path)
        batch = replace(batch, size_bytes=stamp.size, mtime_ns=stamp.mtime_ns)
        with open(file.path, "rb") as stream:
            content_hash = hashlib.file_digest(stream, "sha256").hexdigest()
        batch_id = f"{number:06d}-{content_hash[:8]}"
        batch = replace(batch, batch_id=batch_id, content_hash=content_hash)
        return _load_content(connection, file, entity, batch, stamp, work_dir)
    except FileProblem as error:
        reason = str(error)
    except OSError as error:
        reason = cause(error)
    except duckdb.Error as error:
        # Of DuckDB's message only the first line, as the others may quote rows of the file.
        reason = str(error).splitlines()[0].replace(os.fspath(work_dir / "landed"), "the file ")
        reason = f"cannot be read: {reason}"
    finally:
        connection.execute("drop table if exists temp.incoming")
    if stamp and not _is_unchanged(file, stamp):
        reason = CHANGED
    batch = replace(batch, reason=reason)
    with _transaction(connection):
        write_batch(connection, batch)
    return batch


def _load_content(
    connection: duckdb.DuckDBPyConnection,
    file: LandedFile,
    entity: Entity,
    batch: Batch,
    stamp: Stamp,
    work_dir: Path,
) -> Batch:
    """Write the rows of a file and its ledger row; a content that was loaded before gives a ledger row only."""
    received_before = _received_before(connection, batch)
    if received_before is not None:
        count = {"received_count": received_before, "duplicate_count": received_before}
        batch = replace(batch, status="duplicate", **count)
        with _transaction(connection):
            write_batch(connection, batch)
        return batch
    staged = stage_file(connection, file, entity, work_dir)
    duplicates, corrections = find_repeats(connection, entity, staged.row_no)
    with _transaction(connection):
        accepted = _insert_accepted(connection, entity, batch, staged.row_no, duplicates)
        _insert_rejected(connection, batch, staged)
        batch = replace(
            batch,
            status="loaded",
            received_count=staged.received_count,
            accepted_count=accepted,
            rejected_count=staged.rejected_count,
            duplicate_count=duplicates,
            corrected_count=corrections,
            extra_columns=", ".join(staged.extra_columns) or None,
            last_known_at=_last_known_at(connection, entity, batch),
        )
        if batch.received_count != accepted + batch.rejected_count + duplicates:
            raise FileProblem("cannot be loaded: more rows were received than accounted for")
        write_batch(connection, batch)
        if not _is_unchanged(file, stamp):
            raise FileProblem(CHANGED)
    return batch


def _received_before(connection: duckdb.DuckDBPyConnection, batch: Batch) -> int | None:
    """Return the row count of the batch that loaded the same content; None where the content is new.

    It is new, too, where the file had this content, then another, and now this one again: the rows
    in between were corrections, and are corrected back.
    """
    (last_hash,) = connection.execute(
        """
        select max_by(content_hash, batch_id) from load_ledger.batches
        where file = ? and status <> 'failed'
        """,
        [batch.file],
    ).fetchall()[0]
    if last_hash not in (None, batch.content_hash):
        return None
    (received,) = connection.execute(
        """
        select max(received_count) from load_ledger.batches
        where family = ? and entity = ? and content_hash = ? and status = 'loaded'
        """,
        [batch.family, batch.entity, batch.content_hash],
    ).fetchall()[0]
    return received


def _insert_accepted(
    connection: duckdb.DuckDBPyConnection,
    entity: Entity,
    batch: Batch,
    row_no: str,
    duplicates: int,
) -> int:
    """Insert the rows that are neither rejected nor duplicate; return their number."""
    columns = sql.names(column.name for column in entity.columns)
    is_new = f"{row_no} not in (select row_no from temp.repeats where is_duplicate)"
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


def _insert_rejected(connection: duckdb.DuckDBPyConnection, batch: Batch, staged: Staged) -> None:
    """Insert one row per problem of the rejected rows."""
    connection.execute(
        f"""
        insert into load_ledger.rejected_rows
        with problems as (
            select {staged.row_no} as row_no, unnest(_problems, recursive := true), _raw_row
            from temp.incoming
            where _problems is not null
            union all by name
            select row_no, reason_code, message, raw_row as _raw_row from temp.broken
        )

        select
            ?, ?, ?, ?, row_no, column_name, reason_code,
            'row ' || row_no || ': ' || message, value, _raw_row
        from problems
        """,
        [batch.family, batch.entity, batch.batch_id, batch.file],
    )


def _last_known_at(
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


def _is_unchanged(file: LandedFile, stamp: Stamp) -> bool:
    try:
        return Stamp.of(file.path) == stamp
    except FileProblem:
        return False


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
