"""The dbt project: its unit tests, its public tables against the output contract, its methods."""

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest
import yaml
from conftest import settings_in
from statsmodels.stats.proportion import proportion_confint

from orchestration.contract import read_contract
from orchestration.dbt_project import run_dbt
from orchestration.settings import PROJECT_DIR, Settings

OUTPUT_CONTRACT = yaml.safe_load((Path(__file__).parent / "output_contract.yml").read_text())


@pytest.fixture(scope="module")
def copied(demo: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy of the demo tenant's raw rows and warehouse, which dbt may open and write."""
    settings = settings_in(tmp_path_factory.mktemp("copied"))
    settings.build_path.parent.mkdir(parents=True)
    shutil.copyfile(demo.raw_path, settings.raw_path)
    shutil.copyfile(demo.warehouse_path, settings.build_path)
    return settings


def test_every_unit_test_of_the_models_passes(copied):
    outcome = run_dbt(copied, "test", "--select", "test_type:unit")
    results = [r for r in outcome.result.results if r.node.resource_type == "unit_test"]
    assert [f"{r.node.name}: {r.message}" for r in results if r.status != "pass"] == []
    assert len(results) >= 20


@pytest.mark.parametrize("table", OUTPUT_CONTRACT)
def test_a_public_table_has_the_columns_that_the_output_contract_fixes(demo_release, table):
    path = demo_release / "marts" / f"{table}.parquet"
    columns = {row[0] for row in duckdb.sql(f"describe from read_parquet('{path}')").fetchall()}
    assert set(OUTPUT_CONTRACT[table]["columns"]) <= columns
    grain = ", ".join(OUTPUT_CONTRACT[table]["grain"])
    repeated = duckdb.sql(
        f"select {grain} from read_parquet('{path}') group by {grain} having count(*) > 1"
    ).fetchall()
    assert repeated == []


def test_what_a_mart_may_never_leave_empty_is_refused_by_the_database(copied):
    files = (PROJECT_DIR / "models" / "marts").rglob("*.yml")
    marts = [mart for file in files for mart in yaml.safe_load(file.read_text()).get("models", [])]
    columns = {(mart["name"], one["name"]): one for mart in marts for one in mart["columns"]}
    never_null = {
        key for key, one in columns.items() if {"type": "not_null"} in one.get("constraints", [])
    }
    keys = {key for key, one in columns.items() if "unique" in one.get("data_tests", [])}
    assert keys <= never_null
    with duckdb.connect(str(copied.build_path), read_only=True) as connection:
        refused = connection.execute("""
            select table_name, column_name from duckdb_columns()
            where database_name = 'warehouse' and not is_nullable and table_name in (
                select table_name from build.tables
            )
        """).fetchall()
    assert set(refused) == never_null
    assert len({table for table, _ in keys}) > 20


def listed(model: str, width: int) -> list[tuple[str, ...]]:
    """The entities that an intermediate model lists by hand, since dbt must see each reference."""
    text = (PROJECT_DIR / "models" / "intermediate" / "core" / f"{model}.sql").read_text()
    one = r", ".join([r"'(\w+)'"] * width)
    return re.findall(rf"\({one}\)", text)


def test_every_reference_of_the_contract_is_watched_for_orphans():
    references = [
        (entity.family, entity.name, column.name, column.ref)
        for entity in read_contract()
        for column in entity.columns
        if column.ref
    ]
    assert len(references) > 80
    assert sorted(listed("int_orphan_find", 4)) == sorted(references)


def test_every_entity_of_the_contract_is_counted_as_supplied_or_not():
    entities = [(entity.family, entity.name) for entity in read_contract()]
    assert len(entities) == 54
    assert sorted(listed("int_entity_supply", 2)) == sorted(entities)


def test_every_entity_has_a_staging_model_with_the_columns_of_the_contract(demo: Settings):
    """Of a learning event the voiding column ends in staging: what it voids is gone."""
    with duckdb.connect(str(demo.warehouse_path), read_only=True) as connection:
        staged = connection.execute("""
            select table_name, list(column_name order by column_index) from duckdb_columns()
            where database_name = 'warehouse' and schema_name = 'staging'
            group by table_name
        """).fetchall()
    columns = dict(staged)
    for entity in read_contract():
        expected = [c.name for c in entity.columns if c.name != "voids_event_id"]
        assert columns[f"stg_{entity.name}"] == expected


@pytest.mark.parametrize(
    ("moment", "zone"),
    [
        (moment, zone)
        for zone in ("America/Denver", "Australia/Lord_Howe", "Asia/Kathmandu", "Europe/London")
        for moment in ("2026-03-08 06:59:59", "2026-03-08 07:00:00", "2026-04-04 15:45:00")
    ],
)
def test_a_local_day_is_that_of_pythons_time_zones(compiled, moment, zone):
    query = compiled("select {{ local_date('moment', 'zone') }} from clock")
    local = datetime.fromisoformat(f"{moment}+00:00").astimezone(ZoneInfo(zone))
    with duckdb.connect() as connection:
        connection.execute(
            "create table clock as select ?::timestamp as moment, ? as zone", [moment, zone]
        )
        assert connection.execute(query).fetchall() == [(local.date(),)]


def test_each_days_offset_gives_the_same_day_as_converting_the_time(demo: Settings):
    with duckdb.connect(str(demo.warehouse_path), read_only=True) as connection:
        zones = connection.execute("""
            select timezone, date_utc, offset_minutes from intermediate.int_time_zone_day_expand
        """).fetchall()
    assert len({zone for zone, _, _ in zones}) > 3
    last_day = max(day for _, day, _ in zones)
    for zone, day, minutes in zones:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        offsets = {
            (midnight + timedelta(hours=hours)).astimezone(ZoneInfo(zone)).utcoffset()
            for hours in (0, 24)
        }
        if minutes is not None:
            assert offsets == {timedelta(minutes=minutes)}
        elif day < last_day:
            assert len(offsets) == 2


def test_the_wilson_interval_equals_that_of_statsmodels_and_stays_within_0_and_1(compiled):
    query = compiled(
        "select n, d, {{ wilson_low('n', 'd') }} as low, {{ wilson_high('n', 'd') }} as high"
        " from counts",
    )
    draw = np.random.default_rng(5)
    denominators = np.concatenate([draw.integers(1, 2000, 3000), [20, 29, 263, 148, 1, 1, 10**6]])
    numerators = np.concatenate(
        [draw.integers(0, denominators[:3000] + 1), [0, 1, 81, 15, 0, 1, 10**6]]
    )
    with duckdb.connect() as connection:
        connection.execute("create table counts (n bigint, d bigint)")
        connection.executemany(
            "insert into counts values (?, ?)",
            list(zip(numerators.tolist(), denominators.tolist(), strict=True)),
        )
        for n, d, low, high in connection.execute(query).fetchall():
            expected_low, expected_high = proportion_confint(n, d, method="wilson")
            assert low == pytest.approx(max(0.0, expected_low), abs=1e-12)
            assert high == pytest.approx(min(1.0, expected_high), abs=1e-12)
            assert 0 <= low <= high <= 1
        connection.execute("delete from counts; insert into counts values (0, 0), (null, 5)")
        assert connection.execute(query).fetchall() == [(0, 0, None, None), (None, 5, None, None)]


def test_published_wilson_intervals_come_out(compiled):
    """Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    query = compiled(
        "select round({{ wilson_low('n', 'd') }}, 4), round({{ wilson_high('n', 'd') }}, 4)"
        " from counts",
    )
    with duckdb.connect() as connection:
        connection.execute(
            "create table counts as"
            " select * from (values (81, 263), (15, 148), (0, 20), (1, 29)) as t (n, d)"
        )
        assert connection.execute(query).fetchall() == [
            (0.2553, 0.3662),
            (0.0624, 0.1605),
            (0.0, 0.1611),
            (0.0061, 0.1718),
        ]
