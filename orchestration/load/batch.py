"""One file, one transaction: accepted rows, rejected rows and the ledger row, or none of them."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.contract import Entity
from orchestration.load.landing import FileProblem, LandedFile, Stamp, cause
from orchestration.load.ledger import write_batch
from orchestration.load.repeats import find_repeats
from orchestration.load.report import Batch
from orchestration.load.stage import stage_file
from orchestration.load.write import (
    insert_accepted,
    insert_rejected,
    last_known_at,
    received_before,
)

CHANGED = "was changed, moved or removed while it was read: the next load tries it again"
# An apostrophe within a word, as in "can't", is no quote.
QUOTED = r"""\s*(?<!\w)["'`].*"""


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
        batch_id=f"{number:09d}-00000000",
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
        batch_id = f"{number:09d}-{content_hash[:8]}"
        batch = replace(batch, batch_id=batch_id, content_hash=content_hash)
        return _load_content(connection, file, entity, batch, stamp, work_dir)
    except FileProblem as error:
        reason = str(error)
    except OSError as error:
        reason = cause(error)
    except duckdb.Error as error:
        reason = _without_values(str(error), work_dir)
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
    """Write the rows of a file and its ledger row; of content loaded before, a ledger row only."""
    received = received_before(connection, batch)
    if received is not None:
        count = {"received_count": received, "duplicate_count": received}
        batch = replace(batch, status="duplicate", **count)
        with _transaction(connection):
            write_batch(connection, batch)
        return batch
    staged = stage_file(connection, file, entity, work_dir)
    duplicates, corrections = find_repeats(connection, entity, staged.row_no)
    with _transaction(connection):
        accepted = insert_accepted(connection, entity, batch, staged.row_no, duplicates)
        insert_rejected(connection, batch, staged)
        batch = replace(
            batch,
            status="loaded",
            received_count=staged.received_count,
            accepted_count=accepted,
            rejected_count=staged.rejected_count,
            duplicate_count=duplicates,
            corrected_count=corrections,
            extra_columns=", ".join(staged.extra_columns) or None,
            last_known_at=last_known_at(connection, entity, batch),
        )
        if batch.received_count != accepted + batch.rejected_count + duplicates:
            raise FileProblem("cannot be loaded: more rows were received than accounted for")
        write_batch(connection, batch)
        if not _is_unchanged(file, stamp):
            raise FileProblem(CHANGED)
    return batch


def _without_values(message: str, work_dir: Path) -> str:
    """Return what DuckDB says of a file, without what may be a value of its rows.

    DuckDB quotes values, one of which may hold quotes and line ends. So all is cut from the first
    quote on.
    """
    if "not valid UTF" in message or "Invalid string encoding" in message:
        return "is not encoded as UTF-8: write its text as UTF-8"
    link = re.escape(os.fspath(work_dir / "landed"))
    line = re.sub(rf"""["']?{link}[.\w]*["']?""", "the file", message).splitlines()[0]
    return f"cannot be read: {re.sub(QUOTED, '...', line)}"


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
