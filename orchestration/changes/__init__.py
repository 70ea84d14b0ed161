"""What changed since the earlier release: every published value that differs, and why."""

from pathlib import Path
from typing import Any

import duckdb

from orchestration.changes.causes import find_causes
from orchestration.changes.records import Known, find_records, make_tables
from orchestration.contract import read_contract
from orchestration.load import sql
from orchestration.release_files import read_manifest
from orchestration.settings import Settings

# Two values that differ by less, relative to the larger, are the same: sums of floating point
# numbers differ in the last digits when their parts come in another order.
TOLERANCE = 1e-9
VALUES = "rpt_metric_values"
COLUMNS = (
    "metric_code, title, account_id, period_grain, period_start, told_period_end as period_end,"
    " unit, old_value, new_value, new_value - old_value as absolute_change,"
    " (new_value - old_value) / nullif(abs(old_value), 0) as relative_change, cause, detail,"
    " is_suppressed, earlier_release_id"
)
# A release's values and definitions, or an earlier layout's: none.
NO_VALUES = """
    select null::varchar as metric_code, null::varchar as account_id,
        null::varchar as period_grain, null::date as period_start, null::date as period_end,
        null::varchar as unit, null::double as value, null::boolean as is_suppressed,
        null::varchar as table_name
    where false
"""
NO_METRICS = """
    select null::varchar as metric_code, null::varchar as title, null::varchar as definition,
        null::varchar as formula, null::varchar as unit, null::varchar as threshold_codes,
        null::varchar as definition_hash
    where false
"""


def write_changes(
    settings: Settings, folder: Path, manifest: dict[str, Any], earlier: Path | None
) -> int:
    """Write `changes.parquet` of a release in the making, and return how many values changed.

    Args:
        settings: Where the raw rows are.
        folder: The release, with its `marts`.
        manifest: What its manifest says so far: as-of date, tables and batches.
        earlier: The folder of the release to compare with; none where there is no earlier one.
    """
    before, then = folder, manifest
    if earlier is not None:
        before, then = earlier, read_manifest(earlier)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        _read_side(connection, "new", folder)
        _read_side(connection, "old", before)
        _compare(connection)
        _describe_sides(connection, manifest, before, then)
        (count,) = connection.execute("select count(*) from changed").fetchall()[0]
        note = _gather(connection, settings, manifest, then)
        find_causes(connection, note)
        target = sql.text(str(folder / "changes.parquet"))
        connection.execute(
            f"copy (select {COLUMNS} from caused order by all) to {target}"
            " (format parquet, compression zstd)"
        )
    return count


def _read_side(connection: duckdb.DuckDBPyConnection, side: str, folder: Path) -> None:
    """Make the tables `<side>_values` and `<side>_metrics` of a release's marts."""
    for name, table, otherwise in (
        ("values", VALUES, NO_VALUES),
        ("metrics", "dim_metrics", NO_METRICS),
    ):
        path = folder / "marts" / f"{table}.parquet"
        source = f"from read_parquet({sql.text(str(path))})" if path.is_file() else otherwise
        connection.execute(f"create table {side}_{name} as {source}")
    # A window is the same only if it ends on the same day; all of the time is the same always.
    connection.execute(f"""
        create view {side}_periods as
        select *, if(period_grain = 'all', period_start, period_end) as same_end from {side}_values
    """)


def _compare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `changed`: each value that appears, vanishes or moves, with both sides."""
    connection.execute(f"""
        create table changed as
        select
            metric_code, account_id, period_grain, period_start,
            greatest(new.period_end, old.period_end) as period_end,
            coalesce(new.period_end, old.period_end) as told_period_end,
            coalesce(new.unit, old.unit) as unit,
            coalesce(new.table_name, old.table_name) as table_name,
            old.value as old_value,
            new.value as new_value,
            coalesce(new.is_suppressed, false) or coalesce(old.is_suppressed, false)
                as is_suppressed,
            coalesce(new_metrics.title, old_metrics.title, metric_code) as title,
            old_metrics.definition_hash as old_hash,
            new_metrics.definition_hash as new_hash,
            case
                when old_metrics.unit <> new_metrics.unit
                    then 'The metric is measured in ' || new_metrics.unit || ', before in '
                        || old_metrics.unit || '.'
                when old_metrics.formula <> new_metrics.formula
                    then 'The formula was "' || old_metrics.formula || '" and is "'
                        || new_metrics.formula || '".'
                when old_metrics.definition <> new_metrics.definition
                    then 'The definition was "' || old_metrics.definition || '" and is "'
                        || new_metrics.definition || '".'
                else 'The amount of a threshold of the metric moved ('
                    || new_metrics.threshold_codes || ').'
            end as definition_words
        from new_periods as new
        full join old_periods as old
            using (metric_code, account_id, period_grain, period_start, same_end)
        left join new_metrics using (metric_code)
        left join old_metrics using (metric_code)
        where
            (new.value is null) <> (old.value is null)
            or abs(new.value - old.value) > {TOLERANCE} * greatest(abs(new.value), abs(old.value))
    """)


def _gather(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    manifest: dict[str, Any],
    then: dict[str, Any],
) -> str:
    """Find the records that came or went, and return in words what could not be looked at."""
    make_tables(connection)
    wanted = {
        name
        for (name,) in connection.execute(
            "select distinct entity from table_entities semi join changed using (table_name)"
        ).fetchall()
    }
    try:
        connection.execute(f"attach {sql.text(str(settings.raw_path))} as raw (read_only)")
        find_records(connection, read_contract(), wanted, Known.by(then), Known.by(manifest))
    except duckdb.Error as error:
        make_tables(connection)
        reason = str(error).splitlines()[0]
        return f" The raw rows could not be read, so no record was looked for: {reason}"
    (gone,) = connection.execute(
        "select count(*) from listed where is_earlier and raw_batch_id is null"
    ).fetchall()[0]
    return f" Files that the earlier release counted and that are gone: {gone}." if gone else ""


def _describe_sides(
    connection: duckdb.DuckDBPyConnection,
    manifest: dict[str, Any],
    before: Path,
    then: dict[str, Any],
) -> None:
    """Make the tables `sides` (one row), `table_entities` and `table_code` of both releases."""
    named = f"the release before (as of {then['as_of_date']})"
    is_forward = manifest["as_of_date"] >= then["as_of_date"]
    connection.execute(
        """
        create table sides as
        select ? as earlier_release_id, ?::date as earlier_as_of, ?::date as later_as_of,
            least(earlier_as_of, later_as_of) as both_cover, ? as earlier_named,
            ? as missing_words, ? as is_comparable
        """,
        [
            then["release_id"],
            then["as_of_date"],
            manifest["as_of_date"],
            named,
            f"{named} did not know, or not in full,"
            if is_forward
            else "this release, as of an earlier day, omits in whole or in part",
            (before / "marts" / f"{VALUES}.parquet").is_file(),
        ],
    )
    connection.execute("create table table_entities (table_name varchar, entity varchar)")
    connection.execute("create table table_code (table_name varchar, is_changed boolean)")
    codes = {table["table"]: table.get("code_hash") for table in then["tables"]}
    every = [f"{entity.family}.{entity.name}" for entity in read_contract()]
    for table in manifest["tables"]:
        name, hashes = table["table"], (codes.get(table["table"]), table.get("code_hash"))
        is_changed = None if None in hashes else hashes[0] != hashes[1]
        connection.execute("insert into table_code values (?, ?)", [name, is_changed])
        connection.execute(
            "insert into table_entities select ?, unnest(?)", [name, table.get("entities", every)]
        )
