"""Files as their publisher offers them: find them, read them typed, refuse what cannot be landed.

A schema says, for each file, which columns the mapping needs and of which type; "!" marks those
without which a row cannot be landed.
"""

from pathlib import Path

import duckdb

Schema = dict[str, dict[str, str]]


class SourceError(Exception):
    """The files cannot be landed; the message names the file and the column."""


def find_files(folder: Path, schema: Schema) -> dict[str, Path]:
    """Return the files of a folder by table name; Parquet goes before CSV of the same name."""
    if not folder.is_dir():
        raise SourceError(f"{folder} is not a folder")
    found, missing = {}, []
    for table in schema:
        candidates = [folder / f"{table}.parquet", folder / f"{table}.csv"]
        path = next((path for path in candidates if path.is_file()), None)
        if path:
            found[table] = path
        else:
            missing.append(f"{table}.parquet (or .csv)")
    if missing:
        raise SourceError(f"{folder} lacks {', '.join(missing)}")
    return found


def read_file(connection: duckdb.DuckDBPyConnection, table: str, path: Path, schema: Schema) -> int:
    """Read one file into a typed table of its name, and return the number of rows.

    In a CSV file an empty field and '?' are no value, and a time is written 29/2/2016 01:16.
    """
    is_csv = path.suffix == ".csv"
    reader = (
        "read_csv(?, header=true, delim=',', quote='\"', all_varchar=true, nullstr=['', '?'])"
        if is_csv
        else "read_parquet(?)"
    )
    columns = schema[table]
    casts = {name: _cast(name, kind.rstrip("!"), is_csv) for name, kind in columns.items()}
    try:
        source = connection.sql(f"from {reader}", params=[str(path)])
        missing = [name for name in columns if name not in source.columns]
        if missing:
            raise SourceError(f"{path.name} lacks the column {', '.join(missing)}")
        selected = ", ".join(f'{cast} as "{name}"' for name, cast in casts.items())
        connection.execute(
            f'create table "{table}" as select {selected} from {reader}', [str(path)]
        )
    except duckdb.ConversionException as error:
        for name, cast in casts.items():
            bad = connection.execute(
                f'select "{name}" from {reader} where "{name}" is not null'
                f" and try_{cast} is null limit 1",
                [str(path)],
            ).fetchone()
            if bad:
                kind = columns[name].rstrip("!")
                raise SourceError(f"{path.name}: {name} is {bad[0]!r}, not {kind}") from error
        raise SourceError(f"{path.name}: {error}") from error
    except duckdb.Error as error:
        raise SourceError(f"{path.name} cannot be read: {error}") from error
    return connection.execute(f'select count(*) from "{table}"').fetchone()[0]


def _cast(name: str, kind: str, is_csv: bool) -> str:
    value = f'"{name}"'
    if is_csv and kind == "timestamp":
        value = rf"regexp_replace({value}, '^(\d+)/(\d+)/(\d+)', '\3-\2-\1')"
    return f"cast({value} as {kind})"


def refuse(connection: duckdb.DuckDBPyConnection, query: str, message: str) -> None:
    """Raise the message with the first row that the query finds."""
    row = connection.execute(f"{query} limit 1").fetchone()
    if row:
        raise SourceError(message.format(", ".join(str(value) for value in row)))


def check_values(
    connection: duckdb.DuckDBPyConnection, schema: Schema, patterns: dict[tuple[str, str], str]
) -> None:
    """Refuse an empty value that must be there, and one that is not of the column's pattern."""
    for table, columns in schema.items():
        for column, kind in columns.items():
            if kind.endswith("!"):
                refuse(
                    connection,
                    f"select count(*) from {table} where {column} is null having count(*) > 0",
                    f"{table}: {column} is empty in {{}} rows",
                )
    for (table, column), pattern in patterns.items():
        refuse(
            connection,
            f"select {column} from {table}"
            f" where not regexp_full_match({column}::varchar, '{pattern}')",
            f"{table}: {column} is {{}}, which the mapping does not know",
        )
