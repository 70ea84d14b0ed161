"""The files of a landing folder: text as rows of text, events as monthly Parquet."""

import csv
import gzip
import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .draw import Rows


@dataclass
class TextFile:
    """One file of text to land; columns whose name starts with `_` are for the generator only."""

    family: str
    entity: str
    name: str
    rows: Rows

    @property
    def columns(self) -> list[str]:
        """The columns that are written."""
        return [name for name in self.rows[0] if not name.startswith("_")]

    def content(self) -> bytes:
        """Return the bytes of the file, in the format that its name ends with."""
        if self.name.endswith(".jsonl"):
            lines = (
                json.dumps({c: row[c] or None for c in self.columns}, ensure_ascii=False)
                for row in self.rows
            )
            return "".join(f"{line}\n" for line in lines).encode()
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([row[c] for c in self.columns] for row in self.rows)
        if self.name.endswith(".gz"):
            return gzip.compress(buffer.getvalue().encode(), compresslevel=6, mtime=0)
        return buffer.getvalue().encode()

    def write(self, root: Path) -> None:
        """Write the file to its place below the landing folder."""
        folder = root / self.family / self.entity
        folder.mkdir(parents=True, exist_ok=True)
        (folder / self.name).write_bytes(self.content())


def _period(value: str, length: str) -> str:
    """Return the year, half-year, or quarter of ISO text, as `2025`, `2025h1` or `2025q3`."""
    year, month = value[:4], int(value[5:7])
    parts = {"year": "", "half": f"h{(month + 5) // 6}", "quarter": f"q{(month + 2) // 3}"}
    return year + parts[length]


def split(family: str, entity: str, rows: Rows, by: str, length: str, name: str) -> list[TextFile]:
    """Return a file per period of column `by`; `name` has the period's place, as `rows_{}.csv`."""
    parts: dict[str, Rows] = {}
    for row in rows:
        parts.setdefault(_period(row[by], length), []).append(row)
    return [TextFile(family, entity, name.format(p), parts[p]) for p in sorted(parts)]


class EventFiles:
    """Monthly Parquet files of learning events, by the month in which they were stored."""

    def __init__(self, root: Path, extra_column: tuple[str, str, str] | None = None) -> None:
        """Prepare to write below `root`; `extra_column` is a month, a column name and its value."""
        self.folder = root / "participant" / "learning_event"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.extra_column = extra_column
        self.writers: dict[str, pq.ParquetWriter] = {}

    def add(self, events: pa.Table) -> None:
        """Append a block of events, a row group in each month's file."""
        stored = events["stored_at"].to_numpy().astype("datetime64[M]")
        for month in np.unique(stored):
            part = events.filter(pa.array(stored == month))
            name = str(month)
            if self.extra_column and self.extra_column[0] == name:
                value = pa.array([self.extra_column[2]] * len(part))
                part = part.append_column(self.extra_column[1], value)
            if name not in self.writers:
                path = self.folder / event_file(name)
                self.writers[name] = pq.ParquetWriter(path, part.schema, compression="zstd")
            self.writers[name].write_table(part)

    def close(self) -> None:
        """Finish all files."""
        for writer in self.writers.values():
            writer.close()


def event_file(month: str) -> str:
    """Return the name of a month's file of events."""
    return f"events_{month}.parquet"


def with_values(table: pa.Table, changes: dict[str, list]) -> pa.Table:
    """Return a table with whole columns replaced."""
    for name, values in changes.items():
        index = table.schema.get_field_index(name)
        field = table.schema.field(index)
        table = table.set_column(index, field, pa.array(values, field.type))
    return table


def sort_by_stored(table: pa.Table) -> pa.Table:
    """Return events in order of storing, ties by id."""
    order = pc.sort_indices(table, [("stored_at", "ascending"), ("event_id", "ascending")])
    return table.take(order)
