"""As of a date, everything is as it was known then: the same as if later rows had never landed."""

import csv
import gzip
import io
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import run_module, settings_in

from orchestration.contract import Entity, read_contract
from orchestration.dbt_project import NO_TESTS, run_dbt
from orchestration.evaluation import evaluate_history
from orchestration.load import load_landing
from orchestration.settings import Settings

# A half-year's end, which is a month's too, and a day within a month, after four half-years.
DATES = ("2024-12-31", "2026-03-14")
HALF_YEARS = [date(2024, 6, 30), date(2024, 12, 31), date(2025, 6, 30), date(2025, 12, 31)]
# Tables whose row of a month is that month's own view.
MONTHLY = ("rpt_renewal_health", "rpt_health_components")
CONTRACT = {(entity.family, entity.name): entity for entity in read_contract()}
# The loader's account of what has landed until now, whatever the as-of date.
OF_THE_LOADER = {
    "rpt_rejected_rows": None,
    "rpt_source_health": {
        "batches_count",
        "failed_batches_count",
        "received_count",
        "accepted_count",
        "rejected_count",
        "duplicate_count",
        "corrected_count",
        "last_loaded_at",
    },
}


def was_known(entity: Entity, row: dict, day: str) -> bool:
    """Whether a landed row was known at the end of a day; one that cannot be dated stays in."""
    for column in (entity.known_at, entity.event_time):
        value = row.get(column) if column else None
        if value in (None, ""):
            continue
        try:
            moment = datetime.fromisoformat(str(value).strip())
        except ValueError:
            return True
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment <= datetime.combine(datetime.fromisoformat(day), time.max, UTC)
    return True


def keep_known(source: Path, target: Path, entity: Entity, day: str) -> None:
    """Copy a landed file without the rows that were not known yet."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".parquet":
        table = pq.read_table(source)
        kept = [was_known(entity, row, day) for row in table.to_pylist()]
        pq.write_table(table.filter(pa.array(kept, pa.bool_())), target)
        return
    packed = source.suffix == ".gz"
    content = source.read_bytes()
    text = (gzip.decompress(content) if packed else content).decode()
    written = io.StringIO(newline="")
    if ".jsonl" in source.suffixes:
        for line in text.splitlines(keepends=True):
            if was_known(entity, json.loads(line), day):
                written.write(line)
    else:
        reader = csv.DictReader(io.StringIO(text, newline=""))
        writer = csv.DictWriter(written, reader.fieldnames)
        writer.writeheader()
        writer.writerows(row for row in reader if was_known(entity, row, day))
    kept = written.getvalue().encode()
    if kept:
        target.write_bytes(gzip.compress(kept) if packed else kept)


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo tenant, with all its flaws and corrections."""
    folder = tmp_path_factory.mktemp("tenant") / "landing"
    outcome = run_module("sample_data", "--out", folder, "--scale", "0.05", "--seed", "3")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return folder


@pytest.fixture(scope="module")
def everything(landing: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """All that has landed, loaded once."""
    settings = settings_in(tmp_path_factory.mktemp("everything"))
    load_landing(landing, settings.raw_path, say=lambda _: None)
    return settings


def build(settings: Settings) -> dict[str, list[str]]:
    """Build the models; return the columns of each public table."""
    settings.build_path.parent.mkdir(parents=True, exist_ok=True)
    outcome = run_dbt(settings, "build", *NO_TESTS)
    assert outcome.success, [r.message for r in outcome.result.results if r.status == "error"]
    with duckdb.connect(str(settings.build_path), read_only=True) as connection:
        rows = connection.execute("""
            select schema_name || '.' || table_name, list(column_name order by column_index)
            from duckdb_columns()
            where database_name = 'warehouse'
                and schema_name not in ('staging', 'intermediate', 'seeds', 'build')
            group by all order by all
        """).fetchall()
    return dict(rows)


@pytest.fixture(scope="module")
def built(everything: Settings) -> Callable[[str | None], Settings]:
    """Builds all that has landed as of a day, or of its last one, once; says where that is."""
    done: dict[str | None, Settings] = {}

    def as_of(day: str | None) -> Settings:
        if day not in done:
            settings = replace(everything, as_of=day, build_name=f"as_of_{day}")
            evaluate_history(settings, say=lambda _: None)
            build(settings)
            done[day] = settings
        return done[day]

    return as_of


def take_evaluations(source: Settings, target: Settings) -> None:
    """Put the evaluations of one tenant into the ledger of another."""
    with duckdb.connect(str(target.raw_path)) as connection:
        connection.execute(f"attach '{source.raw_path}' as source (read_only)")
        for table in ("evidence", "evaluations"):
            connection.execute(
                f"insert into evaluation_ledger.{table} from source.evaluation_ledger.{table}"
            )


def differing(
    connection: duckdb.DuckDBPyConnection, one: str, other: str, rounded: bool = False
) -> list[tuple]:
    """A few of the rows that only one of two queries has; `rounded`: doubles to nine digits."""
    kinds = connection.execute(f"describe {one}").fetchall()
    columns = ", ".join(
        f"round({name}, 9) as {name}" if rounded and kind == "DOUBLE" else name
        for name, kind, *_ in kinds
    )
    here, there = (f"(select {columns} from ({query}))" for query in (one, other))
    return connection.execute(
        f"select * from ((from {here} except all from {there}) union all "
        f"(from {there} except all from {here})) limit 3"
    ).fetchall()


@pytest.mark.parametrize("day", DATES)
def test_as_of_a_date_equals_a_build_from_what_was_known_then(
    day: str,
    landing: Path,
    everything: Settings,
    built: Callable[[str | None], Settings],
    tmp_path: Path,
):
    known = settings_in(tmp_path, as_of=day)
    for (family, name), entity in CONTRACT.items():
        for path in sorted((landing / family / name).glob("*")):
            keep_known(path, known.landing_dir / family / name / path.name, entity, day)
    report = load_landing(known.landing_dir, known.raw_path, say=lambda _: None)
    assert report.failed == []
    assert report.total("accepted_count") > 1_000
    dated = built(day)
    # What was known is evaluated in its own right once; before that the same is due and is taken.
    if day == DATES[-1]:
        assert evaluate_history(known, say=lambda _: None) == HALF_YEARS
    else:
        take_evaluations(everything, known)
        assert evaluate_history(known, say=lambda _: None) == []
    tables = build(known)
    assert len(tables) > 12
    with duckdb.connect() as connection:
        connection.execute(f"attach '{dated.build_path}' as dated (read_only)")
        connection.execute(f"attach '{known.build_path}' as known (read_only)")
        connection.execute(f"attach '{everything.raw_path}' as all_rows (read_only)")
        for table, names in tables.items():
            skipped = OF_THE_LOADER.get(table.partition(".")[2], set())
            if skipped is None:
                continue
            columns = ", ".join(name for name in names if name not in skipped)
            here, there = (f"select {columns} from {db}.{table}" for db in ("dated", "known"))
            assert differing(connection, here, there) == [], f"{table} as of {day}"
        enrolled = connection.execute(
            "select count(*) from dated.funnel_conversion.fct_enrollment_journeys"
        ).fetchall()
        in_all = connection.execute(
            "select count(distinct enrollment_id) from all_rows.raw_participant.enrollment"
        ).fetchall()
        assert (10,) < enrolled[0] < in_all[0]
        evaluated = connection.execute(
            "select distinct evaluated_on from known.intermediate.int_evidence_history_collect"
        ).fetchall()
        ends = {end for end in HALF_YEARS if end <= date.fromisoformat(day)}
        assert {end for (end,) in evaluated} == ends


@pytest.mark.parametrize("day", DATES)
@pytest.mark.parametrize("table", MONTHLY)
def test_the_row_of_a_month_is_what_was_known_at_its_end(
    table: str, day: str, built: Callable[[str | None], Settings]
):
    """Each month that was over on an earlier day has the same rows then and now."""
    then, now = built(day), built(None)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{then.build_path}' as past (read_only)")
        connection.execute(f"attach '{now.build_path}' as present (read_only)")
        described = connection.execute(f"describe past.renewal_health.{table}").fetchall()
        columns = ", ".join(name for name, *_ in described if not name.endswith("_key"))
        past, present = (
            f"select {columns} from {build}.renewal_health.{table}"
            f" where last_day(month) <= date '{day}'"
            for build in ("past", "present")
        )
        assert differing(connection, past, present, rounded=True) == []
        last = connection.execute(f"select max(last_day(month)), count(*) from ({past})").fetchall()
        month = date.fromisoformat(day).replace(day=1)
        ended = date.fromisoformat(day) if day == DATES[0] else month - timedelta(days=1)
        assert last[0][0] == ended
        assert last[0][1] > 30


def test_the_versions_known_on_a_day_are_the_rows_that_staging_has_as_of_it(
    built: Callable[[str | None], Settings], tmp_path: Path
):
    """At random days and at those on which a version came, with the project's own views."""
    settings = built(None)
    path = tmp_path / "warehouse.duckdb"
    shutil.copyfile(settings.build_path, path)
    drawn = random.Random(6)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"attach '{settings.raw_path}' as raw (read_only)")
        views = connection.execute(
            "select view_name from duckdb_views() where view_name like 'stg_%_version'"
        ).fetchall()
        assert len(views) == 12
        changed: dict[str, list[date]] = {}
        for (view,) in views:
            connection.execute(f"create temp table {view} as from staging.{view}")
            found = connection.execute(
                f"select distinct known_from::date from {view}"
                " where known_from is not null and known_to is not null order by all"
            ).fetchall()
            changed[view] = [day for (day,) in found]
        assert sum(map(len, changed.values())) > 10
        for (view,) in views:
            days = drawn.sample(range(1100), 3)
            chosen = [date(2023, 7, 1) + timedelta(days=number) for number in days]
            chosen += drawn.sample(changed[view], min(3, len(changed[view])))
            for day in chosen:
                after = day + timedelta(days=1)
                connection.execute(
                    "create or replace view staging.stg_as_of as select"
                    f" date '{day}' as as_of_date, timestamp '{after}' as known_before_at,"
                    f" timestamp '{after}' as known_until_at"
                )
                kinds = connection.execute(f"describe {view}").fetchall()
                names = [name for name, *_ in kinds if name not in ("known_from", "known_to")]
                columns = ", ".join(names)
                versions = f"""
                    select {columns} from {view}
                    where known_from < '{after}' and (known_to is null or known_to >= '{after}')
                """
                latest = f"select {columns} from staging.{view.removesuffix('_version')}"
                assert differing(connection, versions, latest) == [], f"{view} on {day}"
