"""The files of a landing folder, appended to block by block: memory does not grow with the tenant.

Text files may have flaws planted in what is appended; see `text_flaws`.
"""

from collections import Counter
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from orchestration.contract import Entity, read_contract

from .draw import Columns
from .files import layout
from .flaws import CORRECTION, Flaw
from .render import as_text, as_typed, json_lines
from .text_flaws import Planter


class TextFile:
    """A CSV file or file of JSON lines that grows; `.gz` is compressed."""

    def __init__(self, path: Path) -> None:
        """Begin the file."""
        self.is_csv, self.has_header = ".csv" in path.name, False
        self.schema: pa.Schema | None = None
        compression = "gzip" if path.name.endswith(".gz") else None
        self.stream: IO[bytes] = pa.output_stream(path, compression=compression)

    def add(self, table: pa.Table) -> None:
        """Append rows; all of them have the columns of the first ones."""
        if self.schema is None:
            self.schema = table.schema
        table = table.select(self.schema.names)
        if not self.is_csv:
            self.stream.write(json_lines(table))
            return
        options = pa.csv.WriteOptions(include_header=not self.has_header, quoting_style="needed")
        pa.csv.write_csv(table, self.stream, options)
        self.has_header = True

    def close(self) -> None:
        """Finish the file."""
        self.stream.close()


class ParquetFile:
    """A Parquet file that grows by a row group at a time."""

    def __init__(self, path: Path) -> None:
        """Remember where to begin the file."""
        self.path = path
        self.writer: pq.ParquetWriter | None = None

    def add(self, table: pa.Table) -> None:
        """Append rows."""
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.path, table.schema, compression="zstd")
        self.writer.write_table(table)

    def close(self) -> None:
        """Finish the file."""
        if self.writer is not None:
            self.writer.close()


class Sink:
    """All files of a tenant; what is appended to an entity goes to the files of its periods."""

    def __init__(self, root: Path, planter: Planter) -> None:
        """Prepare to write below `root`."""
        self.root, self.planter = root, planter
        self.contract: dict[str, Entity] = {entity.name: entity for entity in read_contract()}
        self.files: dict[tuple[str, str], TextFile | ParquetFile] = {}
        self.corrections: Counter[tuple[str, str]] = Counter()
        self.added: set[str] = set()

    def add(self, name: str, columns: Columns, typed: bool = False) -> None:
        """Append rows to the files of an entity, as text unless `typed`: then as Parquet."""
        entity, lay = self.contract[name], layout(name)
        size = len(next(iter(columns.values())))
        if not size:
            return
        later = _corrections(entity, columns)
        times = None if lay.by is None else columns[lay.by].astype("datetime64[s]")
        for file, rows in lay.files(times, size):
            part = {key: values[rows] for key, values in columns.items()}
            if typed:
                file = f"{file.split('.')[0]}.parquet"
            if count := int(later[rows].sum()):
                self.corrections[name, file] += count
            if typed:
                self.write(name, file, as_typed(entity, part))
            else:
                text = self.planter.plant(entity, file, as_text(entity, part), later[rows])
                self.write(name, file, text)

    def write(self, name: str, file: str, table: pa.Table) -> None:
        """Append a table as it is to a file."""
        if (name, file) not in self.files:
            folder = self.root / self.contract[name].family / name
            folder.mkdir(parents=True, exist_ok=True)
            kind = ParquetFile if file.endswith(".parquet") else TextFile
            self.files[name, file] = kind(folder / file)
        self.files[name, file].add(table)

    def close(self) -> list[Flaw]:
        """Finish all files, and return the corrections that they hold."""
        for file in self.files.values():
            file.close()
        return [
            Flaw(CORRECTION, self.contract[name].family, name, file, count, "corrected")
            for (name, file), count in sorted(self.corrections.items())
        ]


def _corrections(entity: Entity, columns: Columns) -> np.ndarray:
    """Return which rows are later ones for a key that another row has; all rows of a key are here.

    Where two were known at the same time, the one that stands later.
    """
    size = len(next(iter(columns.values())))
    later = np.zeros(size, dtype=bool)
    if entity.known_at not in columns:
        return later
    keys = [columns[name].astype(str) for name in entity.key]
    key = keys[0] if len(keys) == 1 else np.array(["\0".join(p) for p in zip(*keys, strict=True)])
    order = np.lexsort((columns[entity.known_at], np.unique(key, return_inverse=True)[1]))
    later[order[1:]] = key[order][1:] == key[order][:-1]
    return later
