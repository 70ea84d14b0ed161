"""Columns as Arrow tables: of text, as most files are written, or of the contract's types."""

import json
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contract import Entity

from .draw import Columns

PARQUET_TYPES = {
    "string": pa.string(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "decimal(18,4)": pa.decimal128(18, 4),
    "decimal(18,8)": pa.decimal128(18, 8),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}


def as_text(entity: Entity, columns: Columns) -> pa.Table:
    """Return columns as text: ISO dates and UTC instants, `true` and `false`, null for missing."""
    names = [column.name for column in entity.columns if column.name in columns]
    return pa.table({name: _text(columns[name]) for name in names})


def as_typed(entity: Entity, columns: Columns) -> pa.Table:
    """Return columns in the contract's types."""
    typed = {}
    for column in entity.columns:
        if column.name in columns:
            kind = PARQUET_TYPES[column.data_type]
            values = columns[column.name]
            if kind == pa.timestamp("us") and values.dtype.kind == "M":
                values = values.astype("datetime64[us]")
            plain = pa.array(values, from_pandas=True)
            # Arrow takes whole numbers for decimals only by way of text
            plain = plain.cast(pa.string()) if pa.types.is_decimal(kind) else plain
            typed[column.name] = plain.cast(kind)
    return pa.table(typed)


def _text(column: np.ndarray) -> pa.Array:
    if column.dtype.kind == "M":
        unit = np.datetime_data(column.dtype)[0]
        if unit == "D":
            return pa.array(column).cast(pa.string())
        # Arrow writes a blank between date and time
        blank = pa.array(column.astype("datetime64[s]")).cast(pa.string())
        return pc.binary_join_element_wise(pc.replace_substring(blank, " ", "T"), "Z", "")
    return pa.array(column, from_pandas=True).cast(pa.string())


def json_lines(table: pa.Table) -> bytes:
    """Return a table as JSON lines."""
    lines = (json.dumps(row, ensure_ascii=False) for row in table.to_pylist())
    return "".join(f"{line}\n" for line in lines).encode()


def with_text(table: pa.Table, column: str, changes: dict[int, str | None]) -> pa.Table:
    """Return a table with some cells of a column of text replaced."""
    values = table[column].to_pylist()
    for row, value in changes.items():
        values[row] = value
    index = table.schema.get_field_index(column)
    return table.set_column(index, column, pa.array(values, pa.string()))


def rows_of(table: pa.Table, rows: list[int]) -> Iterator[dict[str, str | None]]:
    """Yield some rows of a table."""
    yield from table.take(pa.array(rows, pa.int64())).to_pylist()
