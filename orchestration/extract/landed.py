"""What was extracted before, read from the landed files themselves, and what is to land now.

The files are the state: each says in its footer how far the cursor had come when it was written. So
rows and state appear by one rename, and a kill at any moment leaves both or neither.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.extract.mapping import SourceProblem
from orchestration.extract.rows import CURSOR
from orchestration.load import sql

NAME = "extract-{:06d}.parquet"
NAMES = "extract-" + "[0-9]" * 6 + ".parquet"


@dataclass
class Landed:
    """The extracted files of one entity, beside the rows of its table.

    Columns are called as in the contract. Rows are versions of one thing if their keys are equal;
    rows with an empty `key_needed`, which the loader rejects, only if everything else is equal too.
    Contents are compared as text and by 64-bit hashes, as the loader does.
    """

    connection: duckdb.DuckDBPyConnection
    folder: Path
    columns: tuple[str, ...]
    key: tuple[str, ...]
    key_needed: tuple[str, ...]

    def __post_init__(self) -> None:
        """Find the files, drop what was begun and not finished, and hash the landed rows.

        Raises:
            SourceProblem: a landed file cannot be read.
        """
        self.files = sorted(self.folder.glob(NAMES))
        for unfinished in self.folder.glob(f".{NAMES}.tmp"):
            unfinished.unlink()
        try:
            self._take_landed()
        except duckdb.Error as error:
            raise SourceProblem(
                f"what was extracted before cannot be read: {str(error).splitlines()[0]} Move the "
                "damaged file away: the table is then read again"
            ) from None

    def _take_landed(self) -> None:
        relation, present = "(select null where false)", set()
        if self.files:
            paths = ", ".join(sql.text(os.fspath(path)) for path in self.files)
            relation = f"read_parquet([{paths}], union_by_name = true, filename = '_file')"
            described = self.connection.execute(f"describe select * from {relation}").fetchall()
            present = {row[0] for row in described}
        columns = ", ".join(
            f"{sql.name(name) if name in present else 'null::varchar'} as {sql.name(name)}"
            for name in self.columns
        )
        file = "_file" if self.files else "null::varchar as _file"
        self.connection.execute(f"""
            create or replace table landed as
            select {sql.names(self.key)}, _file, {self._hashes}
            from (select {columns}, {file} from {relation})
        """)

    @property
    def _hashes(self) -> str:
        """What tells rows apart (`_identity`), versions of a row (`_content`), and sound keys."""
        content = _hash(self.columns)
        return (
            f"{content} as _content, {self._is_whole} as _is_whole, "
            f"case when {self._is_whole} then {_hash(self.key)} else {content} end as _identity"
        )

    @property
    def _is_whole(self) -> str:
        return " and ".join(
            ["true", *(f"{sql.name(name)} is not null" for name in self.key_needed)]
        )

    def state(self) -> dict[str, str]:
        """Return what the newest file says: `reached` and `signature`; nothing without a file."""
        if not self.files:
            return {}
        query = "select decode(key), decode(value) from parquet_kv_metadata(?)"
        return dict(self.connection.execute(query, [os.fspath(self.files[-1])]).fetchall())

    def take_rows(self, chunks: Iterable[pa.Table]) -> None:
        """Take in the rows of the table, all or the latest.

        Raises:
            SourceProblem: several rows of the table have one key.
        """
        empty = pa.table({name: pa.nulls(0, pa.string()) for name in (*self.columns, CURSOR)})
        self._fill("taken", chunks, empty, f"select *, {self._hashes} from chunk")
        if count := self._one(
            "select count(*) - count(distinct _identity) from taken where _is_whole"
        ):
            raise SourceProblem(
                f"{count:,} rows have the key ({', '.join(self.key)}) of another row: name a `key` "
                "in SOURCE_MAP that tells rows apart, or map a view with one row per key"
            )

    def take_keys(self, chunks: Iterable[pa.Table] | None) -> None:
        """Take in the keys that the table has now; None where all of its rows were taken."""
        if chunks is None:
            self.connection.execute(
                "create or replace table present as select _identity from taken where _is_whole"
            )
            return
        empty = pa.table({name: pa.nulls(0, pa.string()) for name in self.key})
        query = f"select {_hash(self.key)} as _identity from chunk where {self._is_whole}"
        self._fill("present", chunks, empty, query)

    def missed(self) -> int:
        """Return how many keys of the table are neither landed nor among the taken rows."""
        return self._one("""
            select count(*) from present
            where
                _identity not in (select _identity from landed)
                and _identity not in (select _identity from taken)
        """)

    def changes(self) -> tuple[int, int]:
        """Find the taken rows that are not landed as they are; return new and changed ones."""
        self.connection.execute("""
            create or replace table fresh as
            with latest as (
                select _identity, max_by(_content, _file) as _content
                from landed
                where _identity in (select _identity from taken)
                group by _identity
            )

            select taken.*, latest._identity is null as _is_new
            from taken
            left join latest on taken._identity = latest._identity
            where latest._content is distinct from taken._content
        """)
        new = self._one("select count(*) from fresh where _is_new")
        return new, self._one("select count(*) from fresh") - new

    def write(self, reached: str | None, signature: str) -> Path:
        """Land the rows that `changes` found, and how far the cursor has come, by one rename."""
        last = int(self.files[-1].stem.split("-")[1]) if self.files else 0
        path = self.folder / NAME.format(last + 1)
        unfinished = self.folder / f".{path.name}.tmp"
        self.folder.mkdir(parents=True, exist_ok=True)
        latest = self._one(f"select max({CURSOR})::varchar from taken")
        self.connection.execute(f"""
            copy (
                select {sql.names(self.columns)} from fresh
                order by {CURSOR} nulls first, {sql.names(self.key)}
            )
            to {sql.text(os.fspath(unfinished))} (
                format parquet,
                kv_metadata {{
                    reached: {sql.text(latest or reached or "")}, signature: {sql.text(signature)}
                }}
            )
        """)
        with open(unfinished, "rb") as stream:
            os.fsync(stream.fileno())
        os.replace(unfinished, path)
        return path

    def _fill(self, table: str, chunks: Iterable[pa.Table], empty: pa.Table, query: str) -> None:
        """Make a table of chunks; without one it is as `empty`."""
        is_first = True
        for chunk in chunks:
            self._add(table, chunk, query, is_first)
            is_first = False
        if is_first:
            self._add(table, empty, query, is_first)

    def _add(self, table: str, chunk: pa.Table, query: str, is_first: bool) -> None:
        self.connection.register("chunk", chunk)
        into = f"create or replace table {table} as" if is_first else f"insert into {table} by name"
        self.connection.execute(f"{into} {query}")
        self.connection.unregister("chunk")

    def _one(self, query: str) -> Any:
        return self.connection.execute(query).fetchall()[0][0]


def _hash(columns: Iterable[str]) -> str:
    return f"hash({', '.join(f'{sql.name(name)}::varchar' for name in columns)})"
