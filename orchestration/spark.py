"""The second engine: the same models, built with Spark from the same raw rows, and compared."""

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from orchestration.dbt_project import NO_TESTS, run_dbt
from orchestration.load import sql
from orchestration.settings import Settings, load_settings

TOLERANCE = 1e-9


def build_on_spark(settings: Settings, say: Callable[[str], None] = print) -> None:
    """Export the raw rows as Parquet and let dbt build every model on a local Spark session.

    Raises:
        RuntimeError: dbt failed; the message names the models.
    """
    spark_dir = settings.data_dir / "spark"
    shutil.rmtree(spark_dir, ignore_errors=True)
    spark_dir.mkdir(parents=True)
    export_raw(settings.raw_path, spark_dir / "raw")
    started = time.monotonic()
    outcome = run_dbt(
        settings,
        "build",
        *NO_TESTS,
        target="spark",
        target_dir=spark_dir / "target",
    )
    if not outcome.success:
        failed = [
            f"{result.node.name}: {result.message}"
            for result in (outcome.result.results if outcome.result else [])
            if result.status == "error"
        ]
        raise RuntimeError(f"dbt failed on Spark: {outcome.exception or ''}\n" + "\n".join(failed))
    say(f"Spark built {len(outcome.result.results)} nodes in {time.monotonic() - started:.0f} s")


def export_raw(raw_path: Path, out_dir: Path) -> None:
    """Write each table of the raw file as Parquet, in out_dir/<schema>/<table>/."""
    with duckdb.connect(str(raw_path), read_only=True) as connection:
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables() order by all"
        ).fetchall():
            folder = out_dir / schema / table
            folder.mkdir(parents=True)
            target = sql.text(str(folder / "rows.parquet"))
            connection.execute(f"copy {schema}.{table} to {target} (format parquet)")


def compare_engines(settings: Settings) -> Iterator[tuple[str, int, int, str]]:
    """Compare every public table of the last good warehouse with Spark's, row by row.

    Yields:
        Table, rows on DuckDB, rows that differ, and an example of a difference. Rows are matched in
        the order of all columns that are not floating point; floats may differ by 1e-9, everything
        else must be equal.
    """
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for schema, table in connection.execute("from build.tables").fetchall():
            files = settings.data_dir / "spark" / "warehouse" / f"{schema}.db" / table / "*.parquet"
            source = f"read_parquet({sql.text(str(files))})"
            columns = connection.execute(f"describe {schema}.{table}").fetchall()
            yield table, *_compare(connection, f"{schema}.{table}", source, columns)


def _compare(
    connection: duckdb.DuckDBPyConnection, ours: str, theirs: str, columns: list[tuple]
) -> tuple[int, int, str]:
    """Rows on our side, rows that differ, and one difference in words."""
    floats = [name for name, kind, *_ in columns if kind in ("DOUBLE", "FLOAT")]
    exact = [name for name, *_ in columns if name not in floats]
    described = connection.execute(f"describe select * from {theirs}").fetchall()
    kinds = {name: kind for name, kind, *_ in described}
    wrong = [
        f"{name} is {kind} and {kinds.get(name)}"
        for name, kind, *_ in columns
        if kinds.get(name) != kind
    ]
    rows = connection.execute(f"select count(*) from {ours}").fetchone()[0]
    if wrong:
        return rows, rows, "; ".join(wrong)
    order = ", ".join(exact)

    def numbered(relation: str) -> str:
        names = ", ".join([*exact, *floats])
        return f"(select {names}, row_number() over (order by {order}) as row_no from {relation})"

    same = [f"ours.{name} is not distinct from theirs.{name}" for name in exact]
    same += [
        f"(ours.{name} is not distinct from theirs.{name}"
        f" or abs(ours.{name} - theirs.{name}) <= {TOLERANCE})"
        for name in floats
    ]
    differing = connection.sql(
        f"""
        select ours, theirs
        from {numbered(ours)} as ours
        full outer join {numbered(theirs)} as theirs using (row_no)
        where not coalesce({" and ".join(same)}, false)
        """
    )
    count = differing.aggregate("count(*)").fetchone()[0]
    example = differing.limit(1).fetchone() if count else None
    return rows, count, f"DuckDB {example[0]}, Spark {example[1]}" if example else ""


def main() -> int:
    """Build on Spark and compare; return 0 if every public table is equal, else 1."""
    settings = load_settings()
    if not settings.warehouse_path.exists():
        print(
            f"no warehouse at {settings.warehouse_path}: run `make refresh` (or `make demo`) first"
        )
        return 1
    build_on_spark(settings)
    is_equal = True
    for table, rows, differing, example in compare_engines(settings):
        is_equal &= differing == 0
        print(
            f"{table:<28} {rows:>9,} rows  "
            + ("equal" if not differing else f"{differing} differ: {example}")
        )
    return 0 if is_equal else 1


if __name__ == "__main__":
    sys.exit(main())
