"""The demo tenant's funnel, counted again with pandas from the journeys, and its flow replayed."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd
import pytest

from orchestration.settings import Settings

KEYS = ["account_id", "program_id", "cohort_month"]
SPELL_STAGES = ["eligible", "aware", "applied", "enrolled"]
ENROLLMENT_STAGES = ["enrolled", "activated", "engaged", "completed", "credentialed"]
COUNTS = ["numerator_count", "denominator_count", "mature_numerator_count"]
COUNTS += ["mature_denominator_count"]
Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables(demo: Settings) -> Tables:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{demo.raw_path}' as raw (read_only)")
        connection.execute(f"attach '{demo.warehouse_path}' as warehouse (read_only)")
        connection.execute("use warehouse")
        return {
            name: connection.execute(f"from {schema}.{name}").df()
            for schema, name in [
                ("funnel_conversion", "fct_enrollment_journeys"),
                ("funnel_conversion", "fct_eligibility_journeys"),
                ("funnel_conversion", "rpt_funnel_cohorts"),
                ("funnel_conversion", "rpt_funnel_periods"),
                ("core", "dim_participants"),
                ("intermediate", "int_activity_observe"),
                ("seeds", "thresholds"),
                ("staging", "stg_as_of"),
            ]
        }


def local_days(moments: pd.Series, zones: pd.Series) -> pd.Series:
    """The day of each UTC moment on its own clock, by Python's time zones."""
    days = [
        moment.tz_localize("UTC").astimezone(ZoneInfo(zone)).date() if pd.notna(moment) else pd.NaT
        for moment, zone in zip(moments, zones, strict=True)
    ]
    return pd.to_datetime(pd.Series(days, index=moments.index))


def days(numbers: pd.Series | float) -> pd.Series | pd.Timedelta:
    return pd.to_timedelta(numbers, unit="D")


@pytest.fixture(scope="module")
def thresholds(tables: Tables) -> dict[str, float]:
    return dict(tables["thresholds"][["threshold_code", "amount"]].itertuples(index=False))


@pytest.fixture(scope="module")
def enrollments(tables: Tables, thresholds: dict[str, float]) -> pd.DataFrame:
    """One row per enrollment: each stage with its day, its window and whether that has passed."""
    zones = tables["dim_participants"].set_index("participant_id")["timezone"]
    rows = tables["fct_enrollment_journeys"].copy()
    zone = rows["participant_id"].map(zones)
    known_until = pd.Series(tables["stg_as_of"]["known_until_at"][0], index=rows.index)
    watched = local_days(known_until, zone) - days(1)
    activity = tables["int_activity_observe"]["activity_until_date"][0]
    start = rows["start_date"]
    rows["cohort_month"] = start.dt.strftime("%Y-%m-01")
    rows["enrolled"] = start
    for stage in ["activated", "engaged", "completed", "credentialed"]:
        rows[stage] = local_days(rows[f"{stage}_at"], zone)
    rows["mobile"] = rows["mobile_at"].dt.normalize()
    rows["terminated"] = rows["terminated_at"].dt.normalize()
    # leaving the employer is known by its day
    is_by_employer = rows["exit_status"] == "left_employer"
    exited = local_days(rows["exited_at"], zone)
    rows["exited"] = rows["exited_at"].dt.normalize().where(is_by_employer, exited)
    planned = np.ceil(rows["planned_days"] * thresholds["completion_window_share"])
    to_complete = start + days(planned + rows["break_days_count"])
    ends = {
        "enrolled": start,
        "activated": start + days(thresholds["activation_window_days"]),
        "engaged": start + days(7 * thresholds["engagement_window_weeks"] - 1),
        "completed": to_complete,
        "credentialed": rows["completed"].fillna(to_complete)
        + days(thresholds["credential_window_days"]),
        "mobile": start + days(thresholds["mobility_window_days"]),
    }
    for stage, end in ends.items():
        rows[f"{stage}_until"] = end
        until = np.minimum(watched, activity) if stage in ("activated", "engaged") else watched
        rows[f"{stage}_is_mature"] = end <= until
    return rows


@pytest.fixture(scope="module")
def spells(tables: Tables, thresholds: dict[str, float]) -> pd.DataFrame:
    """The same of each spell of eligibility."""
    zones = tables["dim_participants"].set_index("participant_id")["timezone"]
    rows = tables["fct_eligibility_journeys"].copy()
    zone = rows["participant_id"].map(zones).fillna("UTC")
    watched = tables["stg_as_of"]["known_until_at"][0].normalize() - days(1)
    rows["program_id"] = None
    rows["cohort_month"] = rows["eligible_at"].dt.strftime("%Y-%m-01")
    rows["eligible"] = rows["eligible_at"]
    rows["exited"] = rows["exited_at"]
    for stage in SPELL_STAGES:
        if stage != "eligible":
            rows[stage] = local_days(rows[f"{stage}_at"], zone)
        window = 0 if stage == "eligible" else thresholds["eligibility_window_days"]
        rows[f"{stage}_until"] = rows["eligible"] + days(window)
        rows[f"{stage}_is_mature"] = rows[f"{stage}_until"] <= watched
    return rows


def counted(rows: pd.DataFrame, stage: str, before: str, keys: list[str]) -> pd.DataFrame:
    """A step's counts by every combination of these keys, in the table's columns."""
    reached, waited = rows[stage].notna(), rows[before].notna()
    in_time = rows[stage] <= rows[f"{stage}_until"]
    mature = rows[f"{stage}_is_mature"] & (rows[before] <= rows[f"{before}_until"])
    each = rows[KEYS].assign(
        numerator_count=reached & waited,
        denominator_count=waited,
        mature_numerator_count=mature & in_time,
        mature_denominator_count=mature,
        is_mature=rows[f"{stage}_is_mature"],
    )
    totals = dict.fromkeys(COUNTS, "sum") | {"is_mature": "all"}
    parts = []
    for size in range(len(keys) + 1):
        for own in combinations(keys, size):
            part = each.assign(**{key: "all" for key in KEYS if key not in own})
            parts.append(part.groupby(KEYS).agg(totals))
    return pd.concat(parts)


def steps(spells: pd.DataFrame, enrollments: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for before, stage in pairwise(SPELL_STAGES):
        yield stage, counted(spells, stage, before, ["account_id", "cohort_month"])
    for before, stage in pairwise(ENROLLMENT_STAGES):
        yield stage, counted(enrollments, stage, before, KEYS)
    linked = enrollments[enrollments["worker_id"].notna()]
    yield "mobile", counted(linked, "mobile", "enrolled", KEYS)


def test_every_steps_counts_and_maturity_equal_a_recount_with_pandas(tables, spells, enrollments):
    table = tables["rpt_funnel_cohorts"].set_index(KEYS)
    compared = 0
    for stage, expected in steps(spells, enrollments):
        found = table[(table["stage_code"] == stage) & table["numerator_count"].notna()]
        both = expected.join(found, rsuffix="_found", how="left")
        for column in COUNTS:
            assert (both[column] == both[f"{column}_found"]).all(), (stage, column)
        assert (both["is_mature"] == both["is_mature_found"]).all(), stage
        # what the recount has no row for had nobody
        assert found[COUNTS].sum().tolist() == expected[COUNTS].sum().tolist(), stage
        compared += len(expected)
    assert compared > 20_000


def test_the_standardized_rate_is_the_mix_weighted_sum_of_the_programs_rates(tables):
    table = tables["rpt_funnel_cohorts"]
    table = table[table["cohort_month"] == "all"]
    compared = 0
    for _, row in table[table["standardized_rate"].notna()].iterrows():
        same_stage = table[(table["stage_code"] == row["stage_code"])]
        by_program = same_stage[same_stage["program_id"] != "all"].set_index("program_id")
        mix = by_program[by_program["account_id"] == "all"]["mature_denominator_count"]
        own = by_program[by_program["account_id"] == row["account_id"]]
        own = own[own["mature_denominator_count"] > 0]
        shares = (mix / mix.sum())[own.index]
        assert row["program_id"] == "all"
        assert row["standardized_share"] == pytest.approx(shares.sum(), abs=1e-12)
        expected = np.average(own["mature_rate"], weights=shares)
        assert row["standardized_rate"] == pytest.approx(expected, abs=1e-12)
        compared += 1
    assert compared > 5 * 35


def replayed(
    rows: pd.DataFrame, stages: list[str], left: pd.Series, as_of: date
) -> dict[str, Counter]:
    """Each journey walked through event by event: what happened by stage and month."""
    moves = {name: Counter() for name in ("entries", "advanced", "left")}
    for (_, row), gone in zip(rows.iterrows(), left, strict=True):
        begin = row[stages[0]]
        events = sorted(
            (max(row[stage], begin), order)
            for order, stage in enumerate(stages)
            if pd.notna(row[stage]) and max(row[stage], begin) <= as_of
        )
        at, since = -1, None
        for day, order in events:
            if order > at:
                if at >= 0:
                    moves["advanced"][stages[at], day.strftime("%Y-%m")] += 1
                moves["entries"][stages[order], day.strftime("%Y-%m")] += 1
                at, since = order, day
        if at >= 0 and pd.notna(gone) and gone <= as_of:
            moves["left"][stages[at], max(gone, since).strftime("%Y-%m")] += 1
    return moves


def standing(
    rows: pd.DataFrame, stages: list[str], left: pd.Series, day: pd.Timestamp, as_of: date
) -> Counter:
    """Who stands where at the end of a day, by looking at that day only."""
    stock = Counter()
    for (_, row), gone in zip(rows.iterrows(), left, strict=True):
        begin = row[stages[0]]
        if begin > day:
            continue
        reached = [s for s in stages if pd.notna(row[s]) and max(row[s], begin) <= day]
        later = [s for s in stages[stages.index(reached[-1]) + 1 :] if row[s] <= as_of]
        if later or pd.isna(gone) or gone > day:
            stock[reached[-1]] += 1
    return stock


@pytest.mark.parametrize("account", ["acc-velmora", "acc-zephyr", "acc-cedarline"])
def test_the_flow_of_an_account_equals_a_replay_of_its_journeys(
    tables, spells, enrollments, account
):
    as_of = pd.Timestamp(tables["stg_as_of"]["as_of_date"][0])
    own = enrollments[enrollments["account_id"] == account]
    own_spells = spells[spells["account_id"] == account].rename(
        columns={"enrolled": "spell_enrolled"}
    )
    is_completed = own["completed"].notna()
    moved = own[own["mobile"].notna()]
    journeys = [
        (own_spells, [*SPELL_STAGES[:3], "spell_enrolled"], own_spells["exited"]),
        (own, ENROLLMENT_STAGES, own["terminated"].where(is_completed, own["exited"])),
        (moved, ["mobile"], moved["terminated"]),
    ]
    moves = {name: Counter() for name in ("entries", "advanced", "left")}
    for rows, stages, left in journeys:
        for name, counts in replayed(rows, stages, left, as_of).items():
            moves[name] += counts
    table = tables["rpt_funnel_periods"]
    table = table[table["account_id"] == account]
    month = table["month"].dt.strftime("%Y-%m")
    for name, counts in moves.items():
        by_key = zip(table["stage_code"], month, table[f"{name}_count"], strict=True)
        found = Counter({(stage, when): int(count) for stage, when, count in by_key if count})
        expected = Counter({key: n for key, n in counts.items() if key[0] != "spell_enrolled"})
        assert found == expected, name
    for last in [as_of, pd.Timestamp(2025, 12, 31), pd.Timestamp(2025, 8, 31)]:
        expected = Counter()
        for rows, stages, left in journeys:
            expected += standing(rows, stages, left, last, as_of)
        expected.pop("spell_enrolled", None)
        here = table[table["month"] == last.replace(day=1)]
        stock = dict(zip(here["stage_code"], here["stock_count"], strict=True))
        assert {stage: n for stage, n in stock.items() if n} == dict(expected), last
