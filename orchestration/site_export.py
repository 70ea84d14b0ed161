"""The report's data: the tables that its pages read, in one DuckDB file beside the built pages."""

import json
from pathlib import Path

import duckdb

from orchestration.load import sql
from orchestration.site_tables import TABLES

SOURCE = "mart"
"""The name that pages put before a table: `from mart.rpt_funnel_cohorts`."""

MANIFEST_COLUMNS = ("release_id", "as_of_date", "created_at", "code_version")

_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "UINTEGER")


class _Marts(dict):
    """The release's tables by name, as SQL that reads their Parquet file."""

    def __init__(self, marts_dir: Path) -> None:
        super().__init__()
        self.marts_dir = marts_dir

    def __missing__(self, table: str) -> str:
        path = self.marts_dir / f"{table}.parquet"
        if not path.is_file():
            raise FileNotFoundError(f"The report needs the table {table}: {path} does not exist")
        return f"read_parquet({sql.text(str(path))})"


def _page_expression(column: str, column_type: str) -> str:
    """Return the SQL of a column in one of the types that a browser reads without surprises.

    Dates and times become text: a Date object would move by a reader's time zone.
    """
    name = '"{}"'.format(column.replace('"', '""'))
    if column_type in _NUMBERS or column_type.startswith(("DECIMAL", "FLOAT", "DOUBLE")):
        return f"{name}::double as {name}"
    if column_type == "BOOLEAN":
        return name
    if column_type.startswith("TIMESTAMP"):
        return f"strftime({name}, '%Y-%m-%d %H:%M') as {name}"
    return f"{name}::varchar as {name}"


def export_tables(marts_dir: Path, manifest: dict, data_dir: Path) -> int:
    """Write the tables of the pages to `data_dir`, as the built site serves them.

    Args:
        marts_dir: The Parquet files of a release.
        manifest: The manifest of the release; its id, dates and code version become a table.
        data_dir: A folder that does not exist yet.

    Returns:
        The size of the data in bytes.

    Raises:
        FileNotFoundError: A table that the pages need is not in the release.
        KeyError: The manifest lacks a field that the pages show.
    """
    path = data_dir / SOURCE / "all" / f"{SOURCE}.duckdb"
    path.parent.mkdir(parents=True)
    marts = _Marts(marts_dir)
    with duckdb.connect() as connection:
        # One thread and a fixed order: the same marts give the same file, byte for byte.
        connection.execute("set threads = 1; set timezone = 'UTC'")
        # Storage v1.0.0: the engine in the browser is older than the one that writes here.
        connection.execute(f"attach {sql.text(str(path))} as site (storage_version 'v1.0.0')")
        for table, template in TABLES.items():
            query = template.format_map(marts)
            columns = connection.execute(f"describe {query}").fetchall()
            expressions = ", ".join(_page_expression(name, kind) for name, kind, *_ in columns)
            connection.execute(
                f'create table site.main."{table}" as select {expressions} from ({query})'
            )
        connection.execute(
            "create table site.main.release as select "
            + ", ".join(f"?::varchar as {column}" for column in MANIFEST_COLUMNS),
            [str(manifest[column]) for column in MANIFEST_COLUMNS],
        )
        connection.execute("checkpoint site")
        connection.execute("detach site")
    rendered = {SOURCE: [f"static/data/{SOURCE}/all/{SOURCE}.duckdb"]}
    (data_dir / "manifest.json").write_text(json.dumps({"renderedFiles": rendered}))
    return path.stat().st_size
