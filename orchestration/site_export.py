"""The report's data: the tables that its pages read, in one DuckDB file beside the built pages."""

import json
from pathlib import Path

import duckdb

from orchestration.load import sql
from orchestration.site_tables import TABLES
from orchestration.site_tables_trust import add_build_tests

SOURCE = "mart"
"""The name that pages put before a table: `from mart.rpt_funnel_cohorts`."""

MANIFEST_COLUMNS = ("release_id", "as_of_date", "created_at", "code_version")
EARLIER_COLUMNS = ("earlier_release_id", "earlier_as_of_date")
"""The release that this one is compared with; null in the first."""

_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "UINTEGER")


class _Tables(dict):
    """The tables of a release by name, as SQL that reads their Parquet file."""

    def __init__(self, release_dir: Path) -> None:
        super().__init__()
        self.release_dir = release_dir

    def __missing__(self, table: str) -> str:
        for folder in ("marts", "account_tables", "."):
            path = self.release_dir / folder / f"{table}.parquet"
            if path.is_file():
                return f"read_parquet({sql.text(str(path))})"
        raise FileNotFoundError(
            f"The report needs the table {table}: {self.release_dir} has no {table}.parquet in"
            " marts or account_tables, nor beside them"
        )


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


def release_row(manifest: dict) -> dict[str, str | None]:
    """Which release this is, as the pages say it."""
    return {
        **{column: str(manifest[column]) for column in MANIFEST_COLUMNS},
        **{column: manifest.get(column) for column in EARLIER_COLUMNS},
    }


def export_tables(release_dir: Path, manifest: dict, data_dir: Path) -> int:
    """Write the tables of the pages to `data_dir`, as the built site serves them.

    Args:
        release_dir: A release: marts/, account_tables/ and changes.parquet.
        manifest: The manifest of the release; its id, dates and code version become a
            table, its tests another.
        data_dir: A folder that does not exist yet.

    Returns:
        The size of the data in bytes.

    Raises:
        FileNotFoundError: A table that the pages need is not in the release.
        KeyError: The manifest lacks a field that the pages show.
    """
    path = data_dir / SOURCE / "all" / f"{SOURCE}.duckdb"
    path.parent.mkdir(parents=True)
    tables = _Tables(release_dir)
    with duckdb.connect() as connection:
        # One thread and a fixed order: the same marts give the same file, byte for byte.
        connection.execute("set threads = 1; set timezone = 'UTC'")
        # Storage v1.0.0: the engine in the browser is older than the one that writes here.
        connection.execute(f"attach {sql.text(str(path))} as site (storage_version 'v1.0.0')")
        for table, template in TABLES.items():
            query = template.format_map(tables)
            columns = connection.execute(f"describe {query}").fetchall()
            expressions = ", ".join(_page_expression(name, kind) for name, kind, *_ in columns)
            connection.execute(
                f'create table site.main."{table}" as select {expressions} from ({query})'
            )
        release = release_row(manifest)
        connection.execute(
            "create table site.main.release as select "
            + ", ".join(f"?::varchar as {column}" for column in release),
            list(release.values()),
        )
        add_build_tests(connection, manifest)
        connection.execute("checkpoint site")
        connection.execute("detach site")
    rendered = {SOURCE: [f"static/data/{SOURCE}/all/{SOURCE}.duckdb"]}
    (data_dir / "manifest.json").write_text(json.dumps({"renderedFiles": rendered}))
    return path.stat().st_size
