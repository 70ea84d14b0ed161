"""One extraction: entity by entity, what is new in the database becomes a landed file."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import sqlalchemy as sa

from orchestration.contract import read_contract
from orchestration.extract.database import Table, connect, inspect_tables
from orchestration.extract.deleted import DeletedRows
from orchestration.extract.landed import Landed
from orchestration.extract.mapping import SourceProblem, read_map
from orchestration.extract.rows import read_keys, read_rows, start_of
from orchestration.settings import Settings


@dataclass(frozen=True)
class Extracted:
    """What became of one entity: rows landed, and rows landed earlier that the database lacks."""

    family: str
    entity: str
    file: str | None
    new_count: int
    changed_count: int
    deleted_count: int
    newly_deleted_count: int

    @property
    def line(self) -> str:
        """The entity on one line for a person."""
        parts = ["nothing new"]
        if self.file:
            parts = [f"{self.file}: {self.new_count:,} new, {self.changed_count:,} changed"]
        if self.deleted_count:
            parts.append(
                f"{self.deleted_count:,} landed before and deleted in the database, "
                f"{self.newly_deleted_count:,} of them since the last extraction"
            )
        return f"{self.family}/{self.entity}: {'; '.join(parts)}"


def extract(settings: Settings, say: Callable[[str], None], is_full: bool) -> list[Extracted]:
    """Do what `extract_source` promises."""
    if not settings.source_url:
        raise SourceProblem("SOURCE_URL is not set: name the database to extract from")
    mappings = read_map(settings.source_map, read_contract())
    now = datetime.now(UTC)
    folder = settings.data_dir / "extract"
    engine = connect(settings.source_url)
    try:
        tables = inspect_tables(engine, mappings)
        with _open_work(folder / "work") as connection:
            deleted = DeletedRows(
                connection, folder / "deleted_rows.csv", now.isoformat(timespec="milliseconds")
            )
            done = []
            for table in tables:
                done.append(_extract(engine, table, connection, settings, deleted, now, is_full))
                say(done[-1].line)
            deleted.write()
    finally:
        engine.dispose()
    if any(extracted.deleted_count for extracted in done):
        say(f"rows that were deleted in the database stay loaded: {deleted.path} lists them")
    return done


def _extract(
    engine: sa.Engine,
    table: Table,
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    deleted: DeletedRows,
    now: datetime,
    is_full: bool,
) -> Extracted:
    """Land one entity's new and changed rows.

    Keys are read before rows: a row that is inserted in between is then no missing one.
    """
    entity = table.mapping.entity
    folder = settings.landing_dir / entity.family / entity.name
    since = None
    try:
        landed = Landed(connection, folder, tuple(table.columns), table.key, table.key_needed)
        _check_columns(landed, table)
        state = landed.state()
        if not is_full and state.get("signature") == table.signature:
            since = start_of(table, state.get("reached") or None, now)
        if since is not None and table.mapping.compare_keys:
            landed.take_keys(read_keys(engine, table))
        landed.take_rows(read_rows(engine, table, since))
        if since is not None and table.mapping.compare_keys and landed.missed():
            since = None
            landed.take_rows(read_rows(engine, table))
    except SourceProblem as problem:
        raise SourceProblem(f"{table.mapping.place}: {problem}") from None
    if since is None:
        landed.take_keys(None)
    new, changed = landed.changes()
    path = landed.write(state.get("reached"), table.signature) if new + changed else None
    is_compared = table.mapping.compare_keys
    gone, newly_gone = deleted.add(entity.name, table.key) if is_compared else (0, 0)
    return Extracted(
        family=entity.family,
        entity=entity.name,
        file=path.name if path else None,
        new_count=new,
        changed_count=changed,
        deleted_count=gone,
        newly_deleted_count=newly_gone,
    )


def _check_columns(landed: Landed, table: Table) -> None:
    """Check that the table still has what was extracted of it last.

    Raises:
        SourceProblem: columns are gone; rows that change would land without their value.
    """
    if not landed.files:
        return
    names = landed.connection.execute(
        "select name from parquet_schema(?)", [os.fspath(landed.files[-1])]
    ).fetchall()
    mapping = table.mapping
    lost = [
        column.name
        for column in mapping.entity.columns
        if (column.name,) in names and column.name not in (*table.columns, *mapping.dropped)
    ]
    if lost:
        raise SourceProblem(
            f"has no column any more for {', '.join(lost)}, which {landed.files[-1].name} holds: "
            f"if it was renamed, say so in SOURCE_MAP `columns: {{{lost[0]}: ...}}`; if it is gone "
            f"for good, write `dropped: [{', '.join(lost)}]`, and rows that change land without it"
        )


@contextmanager
def _open_work(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty database to compare rows in; what a killed extraction left goes first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    config = {
        "memory_limit": os.environ.get("DUCKDB_MEMORY_LIMIT", "").strip() or "2.5GB",
        "temp_directory": os.fspath(folder / "spill"),
    }
    try:
        with duckdb.connect(os.fspath(folder / "work.duckdb"), config=config) as connection:
            connection.execute("set TimeZone = 'UTC'")
            yield connection
    finally:
        shutil.rmtree(folder, ignore_errors=True)
