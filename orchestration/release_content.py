"""What a release says: the public tables as files, and the hash of all that a reader sees."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from orchestration.load import sql
from orchestration.settings import PROJECT_DIR, Settings
from orchestration.site import source_files

_CODE = ("orchestration/changes/*.py", "orchestration/account_tables/*.py")


def export_marts(settings: Settings, marts_dir: Path) -> dict[str, Any]:
    """Write each public table as one Parquet file, rows in a fixed order, and describe them all."""
    marts_dir.mkdir(parents=True)
    tables = []
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        as_of_date, version = connection.execute("from build.info").fetchone()
        lineage = {row.pop("table_name"): row for row in _records(connection, "from build.lineage")}
        for schema, table in connection.execute("from build.tables").fetchall():
            path = marts_dir / f"{table}.parquet"
            connection.execute(
                f"copy (from {schema}.{table} order by all) to {sql.text(str(path))}"
                " (format parquet, compression zstd)"
            )
            rows = connection.execute(f"select count(*) from {schema}.{table}").fetchone()[0]
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            described = {"table": table, "domain": schema, "rows": rows, "sha256": digest}
            tables.append({**described, **lineage[table]})
        batches = _records(connection, "from build.batches order by batch_id")
        tests = _records(connection, "from build.tests order by name")
    return {
        "as_of_date": as_of_date.isoformat(),
        "code_version": version,
        "duckdb_version": duckdb.__version__,
        "tables": tables,
        "batches": batches,
        "tests": tests,
    }


def content_hash(manifest: dict[str, Any], has_site: bool, accounts: Sequence[str]) -> str:
    """A hash of what a reader sees.

    That is the as-of date, the tables, what the tests said of them, and the code that makes more of
    them; where there are pages, those, and the accounts that a bundle was asked for. A model that
    reads otherwise and gives the same rows makes no release.
    """
    files = {path for pattern in _CODE for path in PROJECT_DIR.glob(pattern)}
    files |= {*source_files()} if has_site else set()
    seen = [
        manifest["as_of_date"],
        *(f"{table['table']} {table['sha256']}" for table in manifest["tables"]),
        *(f"{test['name']} {test['status']} {test['failures']}" for test in manifest["tests"]),
        *(
            f"{path.relative_to(PROJECT_DIR)} {hashlib.sha256(path.read_bytes()).hexdigest()}"
            for path in sorted(files)
        ),
        *sorted(accounts),
    ]
    return hashlib.sha256(json.dumps([has_site, seen]).encode()).hexdigest()


def _records(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    relation = connection.sql(query)
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
