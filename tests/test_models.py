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
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight
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


def compiled(settings: Settings, sql: str) -> str:
    """The SQL that a piece of the project's Jinja stands for."""
    outcome = run_dbt(settings, "compile", "--inline", sql)
    assert outcome.success, outcome.exception
    return outcome.result.results[0].node.compiled_code


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


def listed(model: str, width: int) -> list[tuple[str, ...]]:
    """The entities that an intermediate model lists by hand, since dbt must see each reference."""
    text = (PROJECT_DIR / "models" / "intermediate" / f"{model}.sql").read_text()
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
def test_a_local_day_is_that_of_pythons_time_zones(copied, moment, zone):
    query = compiled(copied, "select {{ local_date('moment', 'zone') }} from clock")
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


def test_the_wilson_interval_equals_that_of_statsmodels_and_stays_within_0_and_1(copied):
    query = compiled(
        copied,
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


def test_published_wilson_intervals_come_out(copied):
    """Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    query = compiled(
        copied,
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


@pytest.fixture(scope="module")
def incidence_query(copied) -> str:
    return compiled(
        copied, "{{ cumulative_incidence('waits', ['cohort']) }} order by cohort, age_days"
    )


def estimates(query: str, waits: list[tuple[int, int, int]]) -> dict[int, list[dict]]:
    """The macro's rows by cohort, from (cohort, age in days, 0 censored, 1 event, 2 exit)."""
    with duckdb.connect() as connection:
        connection.execute("create table landed (cohort int, age_days int, kind int)")
        connection.executemany("insert into landed values (?, ?, ?)", waits)
        connection.execute(
            "create table waits as select cohort, age_days, kind = 1 as is_event,"
            " kind = 2 as is_competing from landed"
        )
        relation = connection.sql(query)
        found: dict[int, list[dict]] = {}
        for row in relation.fetchall():
            values = dict(zip(relation.columns, row, strict=True))
            found.setdefault(values["cohort"], []).append(values)
        return found


def test_survival_of_the_published_leukemia_data_comes_out(incidence_query):
    """Acute myelogenous leukemia, Miller 1997, as printed by R's survival package (doaml)."""
    maintained = [
        (9, 1),
        (13, 1),
        (13, 0),
        (18, 1),
        (23, 1),
        (28, 0),
        (31, 1),
        (34, 1),
        (45, 0),
        (48, 1),
        (161, 0),
    ]
    other = [
        (5, 1),
        (5, 1),
        (8, 1),
        (8, 1),
        (12, 1),
        (16, 0),
        (23, 1),
        (27, 1),
        (30, 1),
        (33, 1),
        (43, 1),
        (45, 1),
    ]
    waits = [(1, age, kind) for age, kind in maintained] + [(2, age, kind) for age, kind in other]
    found = estimates(incidence_query, waits)
    at_events = [row for row in found[1] if row["event_count"]]
    assert [round(row["survival"], 3) for row in at_events] == [
        0.909,
        0.818,
        0.716,
        0.614,
        0.491,
        0.368,
        0.184,
    ]
    assert [round(row["standard_error"], 4) for row in at_events] == [
        0.0867,
        0.1163,
        0.1397,
        0.1526,
        0.1642,
        0.1627,
        0.1535,
    ]
    last = found[2][-1]
    assert (round(last["survival"], 4), last["standard_error"]) == (0.0, None)
    assert round(found[2][-2]["survival"], 4) == 0.0972


def random_cohorts(count: int, kinds: list[float], seed: int) -> list[tuple[int, int, int]]:
    """Cohorts of 1 to 60 people with many ties, day-0 events and, in some, no or only exits."""
    draw = np.random.default_rng(seed)
    waits = []
    for cohort in range(count):
        size = draw.integers(1, 61)
        ages = draw.integers(0, draw.integers(1, 40) + 1, size)
        chosen = draw.choice(3, size, p=kinds) if cohort % 9 else np.full(size, draw.integers(0, 3))
        waits += [(cohort, int(age), int(kind)) for age, kind in zip(ages, chosen, strict=True)]
    return waits


def test_without_competition_incidence_and_error_equal_kaplan_meier_and_greenwood(incidence_query):
    waits = random_cohorts(400, [0.4, 0.6, 0.0], seed=1)
    waits = [(cohort, age, min(kind, 1)) for cohort, age, kind in waits]
    for cohort, rows in estimates(incidence_query, waits).items():
        ages = np.array([age for own, age, _ in waits if own == cohort])
        events = np.array([kind for own, _, kind in waits if own == cohort])
        if not events.any():
            assert all(row["cumulative_incidence"] == 0 for row in rows)
            continue
        # statsmodels leaves day 0 out of the time at risk: its clock is set a day forward.
        expected = SurvfuncRight(ages + 1.0, events)
        by_age = dict(
            zip(
                expected.surv_times - 1,
                zip(expected.surv_prob, expected.surv_prob_se, strict=True),
                strict=True,
            )
        )
        for row in rows:
            if row["event_count"]:
                survival, error = by_age[row["age_days"]]
                assert row["survival"] == pytest.approx(survival, abs=1e-9)
                assert row["cumulative_incidence"] == pytest.approx(1 - survival, abs=1e-9)
                if row["standard_error"] is None:
                    assert survival == pytest.approx(0, abs=1e-9)
                else:
                    assert row["standard_error"] == pytest.approx(error, abs=1e-9)


def test_with_competition_incidence_equals_statsmodels_and_the_error_the_written_out_formula(
    incidence_query,
):
    waits = random_cohorts(400, [0.3, 0.4, 0.3], seed=2)
    for cohort, rows in estimates(incidence_query, waits).items():
        ages = np.array([age for own, age, _ in waits if own == cohort])
        kinds = np.array([kind for own, _, kind in waits if own == cohort])
        times, incidence, error = aalen_johansen(ages, kinds)
        assert [row["age_days"] for row in rows] == times.tolist()
        assert [row["cumulative_incidence"] for row in rows] == pytest.approx(incidence, abs=1e-9)
        if set(kinds) == {0, 1, 2}:
            # Only where statsmodels numbers the causes as we do; its own clock begins after day 0.
            expected = CumIncidenceRight(ages + 1.0, kinds)
            at_times = dict(zip(expected.times - 1, expected.cinc[0], strict=True))
            for row in rows:
                assert row["cumulative_incidence"] == pytest.approx(
                    at_times[row["age_days"]], abs=1e-9
                )
        for row, value, deviation in zip(rows, incidence, error, strict=True):
            if value > 1 - 1e-12:
                assert row["standard_error"] is None
            else:
                assert row["standard_error"] == pytest.approx(deviation, abs=1e-7)
                if row["ci_low"] is not None:
                    assert 0 <= row["ci_low"] <= value <= row["ci_high"] <= 1


def aalen_johansen(
    ages: np.ndarray, kinds: np.ndarray
) -> tuple[np.ndarray, list[float], list[float]]:
    """The estimate and its delta-method error, by the published double sum (Pintilie 2006, 4.2)."""
    times = np.unique(ages)
    survival, total = 1.0, 0.0
    steps, incidence, errors = [], [], []
    for time in times:
        at_risk = int((ages >= time).sum())
        events = int(((ages == time) & (kinds == 1)).sum())
        leaving = int(((ages == time) & (kinds > 0)).sum())
        before = survival
        total += before * events / at_risk
        survival *= 1 - leaving / at_risk
        steps.append((total, before, at_risk, events, leaving))
        variance = 0.0
        for own, previous, n, d1, d in steps:
            if n > d:
                variance += (total - own) ** 2 * d / (n * (n - d))
            variance += previous**2 * d1 * (n - d1) / n**3
            variance -= 2 * (total - own) * previous * d1 / n**2
        incidence.append(total)
        errors.append(float(np.sqrt(max(variance, 0.0))))
    return times, incidence, errors
