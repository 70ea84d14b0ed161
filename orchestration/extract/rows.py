"""The rows of a table, read by dlt's SQL source in chunks that fit into memory."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

# Before dlt is imported: it tells nobody of its use, and says nothing but errors.
os.environ.update(RUNTIME__DLTHUB_TELEMETRY="false")
os.environ.setdefault("RUNTIME__LOG_LEVEL", "ERROR")

import dlt
import pyarrow as pa
import sqlalchemy as sa
from dlt.common.exceptions import DltException
from dlt.sources.sql_database import sql_table

from orchestration.extract.database import Table, told

CHUNK_ROWS = 50_000
CURSOR = "_cursor"
# How far behind the latest cursor a row may still appear: its transaction began before others that
# were committed earlier. In hours for a time, in units for a number.
OVERLAP = {datetime: 24, date: 24, int: 10_000}
PLAIN = (sa.Boolean, sa.Integer, sa.String, sa.Date, sa.DateTime, sa.Uuid)


def read_rows(engine: sa.Engine, table: Table, since: Any = None) -> Iterator[pa.Table]:
    """Yield the rows whose cursor is `since` or later, or empty; without `since` all rows.

    The columns are called as in the contract; the cursor, or nothing, is added as `_cursor`.
    """
    wanted = dict(table.columns)
    if table.cursor:
        wanted[CURSOR] = table.cursor
    incremental = None
    if table.cursor and since is not None:
        incremental = dlt.sources.incremental(
            table.cursor,
            initial_value=since,
            range_start="closed",
            on_cursor_value_missing="include",
            # An empty key: what was landed before is told apart by us, for the whole overlap.
            primary_key=(),
        )
    for chunk in _read(engine, table, wanted, incremental):
        if not table.cursor:
            chunk = chunk.append_column(CURSOR, pa.nulls(chunk.num_rows, pa.string()))
        yield chunk


def read_keys(engine: sa.Engine, table: Table) -> Iterator[pa.Table]:
    """Yield the key of every row of the table."""
    yield from _read(engine, table, {name: table.columns[name] for name in table.key})


def _read(
    engine: sa.Engine, table: Table, wanted: dict[str, str], incremental: Any = None
) -> Iterator[pa.Table]:
    with told(engine, "cannot be read", DltException, pa.ArrowException):
        resource = sql_table(
            engine,
            table.source.name,
            # A copy, since dlt takes the columns out that are not wanted.
            metadata=table.source.to_metadata(sa.MetaData(schema=table.source.schema)).metadata,
            incremental=incremental,
            included_columns=list(wanted.values()),
            backend="pyarrow",
            chunk_size=CHUNK_ROWS,
            type_adapter_callback=lambda kind: kind if is_plain(kind) else sa.Text(),
            query_adapter_callback=_print_the_rest,
        )
        for chunk in resource:
            arrays = [chunk.column(source) for source in wanted.values()]
            yield pa.Table.from_arrays(arrays, names=list(wanted))


def is_plain(kind: Any) -> bool:
    """Whether values of an SQL type are carried over as they are, without a loss.

    All others (JSON, arrays, floats, numbers of no given precision) the database prints as text,
    and the loader reads that as it reads a CSV file.
    """
    if isinstance(kind, sa.Numeric):
        return bool(kind.asdecimal and kind.precision and kind.precision <= 38)
    return isinstance(kind, PLAIN)


def _print_the_rest(query: sa.Select, table: sa.Table) -> sa.Select:
    return query.with_only_columns(
        *(
            column if is_plain(column.type) else sa.cast(column, sa.Text).label(column.name)
            for column in table.columns
        )
    )


def start_of(table: Table, reached: str | None, now: datetime) -> Any:
    """Return the cursor from which rows are read again: what was reached, less the overlap.

    A time in the future, of a wrong clock, does not count as reached: what follows would be missed.
    """
    if table.cursor_type is None or reached is None:
        return None
    overlap = table.mapping.overlap
    if overlap is None:
        overlap = OVERLAP[table.cursor_type]
    if table.cursor_type is int:
        return int(reached) - overlap
    if table.cursor_type is date:
        return min(date.fromisoformat(reached), now.date()) - timedelta(days=-(-overlap // 24))
    time = datetime.fromisoformat(reached)
    present = now.astimezone(UTC) if time.tzinfo else now.astimezone(UTC).replace(tzinfo=None)
    return min(time, present) - timedelta(hours=overlap)
