"""Rows that were extracted and that the database has no more: reported, never taken back."""

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.load import sql

COLUMNS = {"entity": "varchar", "key": "varchar", "missing_since": "varchar"}


@dataclass
class DeletedRows:
    """The list of deleted rows, a CSV file: made anew by each extraction, in place of the last.

    It is worked out of the landed files and the keys in the database, so nothing is lost with it
    but since when a row is missing.
    """

    connection: duckdb.DuckDBPyConnection
    path: Path
    now: str

    def __post_init__(self) -> None:
        """Read the last list, if there is one."""
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        self.connection.execute(f"create table known_deleted ({columns})")
        self.connection.execute(f"create table deleted ({columns})")
        if self.path.exists():
            types = ", ".join(f"{name}: '{kind}'" for name, kind in COLUMNS.items())
            self.connection.execute(f"""
                insert into known_deleted from read_csv(
                    {sql.text(os.fspath(self.path))}, header = true, auto_detect = false,
                    columns = {{{types}}}, delim = ',', quote = '"', escape = '"'
                )
            """)

    def add(self, entity: str, key: tuple[str, ...]) -> tuple[int, int]:
        """Add the rows in `landed` that are not `present`; return how many, and how many new."""
        members = ", ".join(
            f"{sql.text(name)}, any_value({sql.name(name)})::varchar" for name in key
        )
        self.connection.execute(f"""
            insert into deleted
            with gone as (
                select json_object({members})::varchar as key
                from landed
                where _is_whole and _identity not in (select _identity from present)
                group by _identity
            )

            select {sql.text(entity)}, gone.key, coalesce(missing_since, {sql.text(self.now)})
            from gone
            left join known_deleted
                on gone.key = known_deleted.key and known_deleted.entity = {sql.text(entity)}
        """)
        return self.connection.execute(
            """
            select count(*), count(*) filter (missing_since = ?) from deleted where entity = ?
            """,
            [self.now, entity],
        ).fetchall()[0]

    def write(self) -> None:
        """Put the list in place of the last one; with nothing to say there is no file."""
        (count,) = self.connection.execute("select count(*) from deleted").fetchall()[0]
        if not count and not self.path.exists():
            return
        unfinished = self.path.with_name(f".{self.path.name}.tmp")
        self.connection.execute(f"""
            copy (from deleted order by all)
            to {sql.text(os.fspath(unfinished))} (format csv, header)
        """)
        os.replace(unfinished, self.path)
