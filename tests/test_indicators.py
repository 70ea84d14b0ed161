"""The twelve indicators: counted again from the landed files, and held against planted truth."""

import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from conftest import settings_in
from landed_files import MEANINGFUL, is_good

from orchestration.dbt_project import run_dbt
from orchestration.settings import Settings

SIGMAS, RUN_LENGTH, ENOUGH, PEERS = 3, 8, 10, 5
# Neither the season nor the account's age moves these in the demo tenant.
STEADY = ["first_login", "coaching_attendance", "simulation_completion", "program_completion"]


@pytest.fixture(scope="module")
def published(demo_release: Path) -> pd.DataFrame:
    rows = pd.read_parquet(demo_release / "marts" / "rpt_indicators.parquet")
    rows["month"] = pd.to_datetime(rows["month"])
    return rows.sort_values(["indicator_code", "account_id", "month"]).reset_index(drop=True)


@pytest.fixture(scope="module")
def mature(published: pd.DataFrame) -> pd.DataFrame:
    return published[published["is_mature"]].reset_index(drop=True)


@pytest.fixture(scope="module")
def truth(tenant: Path) -> dict:
    return json.loads((tenant / "truth.json").read_text())


@pytest.fixture(scope="module")
def started(counted: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The landed files, with the enrollments that began, their breaks, and whose each event is.

    In the demo tenant at most one status ends an enrollment.
    """
    counted.execute("""
        create or replace temp table status as
        select enrollment_id, status,
            timezone(zone, effective_at::timestamptz)::date as from_day,
            lead(from_day) over (
                partition by enrollment_id order by effective_at::timestamptz
            ) as to_day
        from last_enrollment_status
        join last_enrollment using (enrollment_id) join place using (participant_id);

        create or replace temp table started as
        select enrollment_id, participant_id, account_id, program_id, zone, ended_on,
            start_date::date as day_0
        from last_enrollment
        join place using (participant_id)
        left join (
            select enrollment_id, from_day as ended_on from status where to_day is null
                and status in ('completed', 'withdrawn', 'failed', 'transferred', 'cancelled')
        ) using (enrollment_id)
        where start_date::date <= date '2026-06-30'
            and coalesce(ended_on >= start_date::date, true);

        create or replace temp table seen as
        select coalesce(event.enrollment_id, spell.enrollment_id) as enrollment_id,
            event.verb, event.local_day
        from event
        asof join (
            select participant_id, max(enrollment_id) as enrollment_id,
                start_date::date as from_day
            from last_enrollment group by participant_id, start_date
            union all
            select participant_id, arg_min(enrollment_id, (start_date, enrollment_id)),
                date '1900-01-01'
            from last_enrollment group by participant_id
        ) as spell
            on event.participant_id = spell.participant_id and event.local_day >= spell.from_day
        where event.occurred_at < timestamp '2026-07-01';
    """)
    return counted


def due(connection: duckdb.DuckDBPyConnection, kinds: str) -> str:
    """The query of the work of these kinds that fell due."""
    return f"""
        with work as (
            select enrollment_id, started.account_id, assignment_id, day_0 + due_day::int as due_on
            from started join assignment using (program_id)
            where assignment_type in {kinds} and {is_good(connection, "assignment")}
                and due_on <= date '2026-06-30' and coalesce(due_on < ended_on, true)
            group by all
        ),
        handed_in as (
            select enrollment_id, assignment_id,
                min(timezone(zone, submitted_at::timestamptz)::date)
                    filter (where coalesce(is_carried_over <> 'true', true)) as on_day
            from submission join started using (enrollment_id)
            where {is_good(connection, "submission")}
            group by all
        )
        select work.account_id, due_on as counted_on, coalesce(on_day <= due_on, false) as is_met
        from work left join handed_in using (enrollment_id, assignment_id)
        where (handed_in.enrollment_id is null or on_day is not null) and not exists (
            from status where status.enrollment_id = work.enrollment_id
                and status in ('on_break', 'deferred') and from_day <= due_on
                and coalesce(due_on < to_day, true)
        )
    """


COUNTED_AGAIN = {
    "first_login": lambda _: (
        f"""
        select account_id, day_0 as counted_on, coalesce(bool_or(
            verb in ('logged_in', {MEANINGFUL[1:-1]}) and local_day <= day_0 + 7
        ), false) as is_met
        from started left join seen using (enrollment_id)
        group by enrollment_id, account_id, day_0
    """
    ),
    "first_coaching_session": lambda connection: (
        f"""
        with booked as (
            select distinct account_id, program_id
            from (
                select enrollment_id from coaching_session
                where {is_good(connection, "coaching_session")}
            )
            join last_enrollment using (enrollment_id) join place using (participant_id)
        )
        select account_id, day_0 as counted_on, coalesce(bool_or(
            status = 'completed' and scheduled_at::timestamptz < '2026-07-01'
            and timezone(zone, scheduled_at::timestamptz)::date <= day_0 + 14
        ), false) as is_met
        from started join booked using (account_id, program_id)
        left join last_coaching_session using (enrollment_id)
        group by enrollment_id, account_id, day_0
    """
    ),
    "week_1_retention": lambda _: (
        f"""
        select account_id, day_0 as counted_on, bool_or(local_day - day_0 >= 7) as is_met
        from started join seen using (enrollment_id)
        where verb in {MEANINGFUL} and local_day - day_0 between 0 and 13
        group by enrollment_id, account_id, day_0 having bool_or(local_day - day_0 < 7)
    """
    ),
    "assignment_completion": lambda connection: due(connection, "('assignment', 'exam')"),
    "simulation_completion": lambda connection: due(connection, "('simulation')"),
    "coaching_attendance": lambda _: (
        """
        select account_id, timezone(zone, scheduled_at::timestamptz)::date as counted_on,
            status = 'completed' as is_met
        from last_coaching_session
        join last_enrollment using (enrollment_id) join place using (participant_id)
        where status in ('completed', 'no_show', 'cancelled_participant')
            and scheduled_at::timestamptz < '2026-07-01'
    """
    ),
    "program_completion": lambda _: (
        """
        with pauses as (
            select enrollment_id, sum(greatest(0,
                least(to_day, ended_on, date '2026-07-01') - greatest(from_day, day_0)
            )) as pause_days
            from status join started using (enrollment_id)
            where status in ('on_break', 'deferred') group by 1
        ),
        dated as (
            select account_id, ended_on, status.status is not null as is_completed,
                day_0 + ceil(1.5 * (planned_end_date::date - day_0))::int
                + coalesce(pause_days, 0)::int as counted_on
            from started join last_enrollment using (enrollment_id)
            left join pauses using (enrollment_id)
            left join status
                on status.enrollment_id = started.enrollment_id and status.status = 'completed'
        )
        select account_id, counted_on, is_completed and ended_on <= counted_on as is_met
        from dated where counted_on < date '2026-07-01'
    """
    ),
    "credential_attainment": lambda connection: (
        f"""
        with awarded as (
            select enrollment_id, min(awarded_at::timestamptz) as first_at
            from credential where {is_good(connection, "credential")}
                and awarded_at::timestamptz < '2026-07-01'
                and coalesce(revoked_at::timestamptz >= '2026-07-01', true)
            group by 1
        )
        select account_id, from_day as counted_on,
            coalesce(timezone(zone, first_at)::date <= from_day + 365, false) as is_met
        from started join status using (enrollment_id) left join awarded using (enrollment_id)
        where status = 'completed'
    """
    ),
}


@pytest.mark.parametrize("indicator", COUNTED_AGAIN)
def test_plain_sql_over_the_landed_files_counts_the_same(published, started, indicator):
    counts = started.execute(f"""
        select account_id, date_trunc('month', counted_on)::timestamp as month,
            count_if(is_met), count(*)
        from ({COUNTED_AGAIN[indicator](started)}) group by 1, 2
    """).fetchall()
    rows = published[published["indicator_code"] == indicator]
    rows = rows[~rows["account_id"].isin(["all", "unknown"])]
    columns = rows[["account_id", "month", "numerator_count", "denominator_count"]]
    assert sorted(columns.itertuples(index=False, name=None)) == sorted(counts)
    assert len(counts) > 500


def by_chart(mature: pd.DataFrame):
    """Each account's mature months of an indicator that are enough for limits."""
    for _, rows in mature.groupby(["indicator_code", "account_id"]):
        if (
            len(rows) >= ENOUGH
            and 0 < rows["numerator_count"].sum() < rows["denominator_count"].sum()
        ):
            yield rows


def test_limits_are_those_of_a_p_chart_as_laney_widens_them(published, mature):
    judged = []
    for rows in by_chart(mature):
        rates = (rows["numerator_count"] / rows["denominator_count"]).to_numpy()
        centre = rows["numerator_count"].sum() / rows["denominator_count"].sum()
        errors = np.sqrt(centre * (1 - centre) / rows["denominator_count"].to_numpy())
        sigma_z = np.abs(np.diff((rates - centre) / errors)).mean() / 1.128
        distance = SIGMAS * errors * max(1, sigma_z)
        expected = np.column_stack(
            [
                np.full(len(rows), centre),
                np.full(len(rows), sigma_z),
                np.clip(centre - distance, 0, 1),
                np.clip(centre + distance, 0, 1),
            ]
        )
        expected_counts = rows["denominator_count"].to_numpy() * min(centre, 1 - centre)
        has_limits = expected_counts >= 1
        columns = rows[["centre_rate", "sigma_z", "limit_low", "limit_high"]].to_numpy()
        assert np.isnan(columns[~has_limits]).all()
        assert np.abs(columns - expected)[has_limits].max(initial=0) < 1e-9
        beyond = np.abs(rates - centre) > distance + 1e-12
        sides, months = np.sign(np.round(rates - centre, 12)), rows["month"].dt.to_period("M")
        numbers = months.astype("int64").to_numpy()
        ends = [
            i >= RUN_LENGTH - 1
            and numbers[i] - numbers[i - RUN_LENGTH + 1] == RUN_LENGTH - 1
            and abs(sides[i - RUN_LENGTH + 1 : i + 1].sum()) == RUN_LENGTH
            for i in range(len(rows))
        ]
        found = rows["is_out_of_control"].to_numpy()[has_limits]
        assert list(found) == list((beyond | np.array(ends))[has_limits])
        judged.append(has_limits.sum())
    assert sum(judged) == published["centre_rate"].notna().sum() > 4_000


# Thirty samples of fifty cans of frozen orange juice, and how many leak: D. C. Montgomery,
# Introduction to Statistical Quality Control, the first example of a p-chart. Limits as printed.
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15,
        9, 12, 7, 13, 9, 6]  # fmt: skip


def test_the_published_chart_of_orange_juice_cans_has_the_limits_printed_with_it(
    demo: Settings, tmp_path
):
    settings = settings_in(tmp_path)
    settings.build_path.parent.mkdir(parents=True)
    settings.raw_path.symlink_to(demo.raw_path)
    outcome = run_dbt(settings, "compile", "--select", "int_indicator_control")
    assert outcome.success, outcome.exception
    query = outcome.result.results[0].node.compiled_code
    months = pd.date_range("2020-01-01", periods=len(CANS), freq="MS")
    with duckdb.connect(str(settings.build_path)) as connection:
        connection.execute("""
            create schema if not exists intermediate;
            create table intermediate.int_threshold_pivot as
            select 3.0::double as control_limit_sigmas, 8 as control_run_length,
                10 as minimum_observations;
            create table intermediate.int_indicator_count (account_id text, indicator_code text,
                month date, is_mature boolean, numerator_count bigint, denominator_count bigint,
                rate double)
        """)
        connection.executemany(
            "insert into intermediate.int_indicator_count values ('a', 'i', ?, true, ?, 50, ?)",
            [(m.date(), n, n / 50) for m, n in zip(months, CANS, strict=True)],
        )
        chart = connection.execute(query).df().sort_values("month").reset_index(drop=True)
    assert chart["centre_rate"].round(4).eq(0.2313).all()
    widened = np.maximum(1, chart["sigma_z"])
    high = chart["centre_rate"] + widened * (0.4102 - 0.2313)
    low = np.maximum(0, chart["centre_rate"] - widened * (0.2313 - 0.0524))
    assert np.abs(chart["limit_high"] - high).max() < 2e-4
    assert np.abs(chart["limit_low"] - low).max() < 2e-4


def test_the_benchmark_is_the_median_of_the_other_accounts(published, mature):
    # neither all accounts together nor the orphans are an account
    is_account = ~mature["account_id"].isin(["all", "unknown"])
    peers = mature[is_account & (mature["denominator_count"] >= ENOUGH)]
    by_month = dict(list(peers.groupby(["indicator_code", "month"])))
    rows = published[published["indicator_code"] != "retention_improvement"]
    found = 0
    for row in rows.itertuples():
        others = by_month.get((row.indicator_code, row.month), peers.iloc[:0])
        others = others[others["account_id"] != row.account_id]
        is_no_account = row.account_id in ("all", "unknown")
        if is_no_account or not row.is_mature or len(others) < PEERS:
            assert pd.isna(row.benchmark_rate)
        else:
            assert row.benchmark_rate == pytest.approx(np.median(others["rate"]), abs=1e-12)
            found += 1
    assert found > 3_000


def test_each_participant_is_set_beside_the_colleagues_of_their_own_stratum(mature, demo_release):
    """The trials themselves are made again in test_trials.py."""
    marts = demo_release / "marts"
    trials = pd.read_parquet(marts / "fct_outcome_trials.parquet")
    trials = trials[trials["is_followed_fully"]]
    trials["retained_12m"] = trials["retained_12m"].astype(float)
    months = pd.read_parquet(marts / "fct_worker_months.parquet")
    enrolled = months[months["is_enrolled_ever"]]
    enrolled = enrolled.groupby(["account_id", "worker_id"])["month"].min()
    people = enrolled.reset_index().groupby(["account_id", "month"]).size()
    cell = ["account_id", "index_month", "stratum"]
    others = trials[trials["arm"] == "comparison"].groupby(cell)["retained_12m"].mean()
    rows = trials[trials["arm"] == "treated"].join(others.rename("benchmark"), on=cell)
    rows = rows.dropna(subset=["benchmark"])
    found = mature[mature["indicator_code"] == "retention_improvement"]
    found = found[found["account_id"] != "all"].set_index(["account_id", "month"])
    expected = rows.groupby(["account_id", "index_month"]).agg(
        kept=("retained_12m", "sum"), compared=("retained_12m", "size"), rate=("benchmark", "mean")
    )
    assert len(found) == len(expected) > 500
    for key, row in expected.iterrows():
        said = found.loc[(key[0], pd.Timestamp(key[1]))]
        assert said["numerator_count"] == row["kept"]
        assert said["denominator_count"] == row["compared"]
        assert said["left_out_count"] == people[key] - row["compared"]
        assert said["benchmark_rate"] == pytest.approx(row["rate"], abs=1e-12)
        assert said["benchmark_difference"] == pytest.approx(said["rate"] - row["rate"], abs=1e-12)


def pooled(mature: pd.DataFrame, indicator: str) -> pd.Series:
    """Each account's rate of an indicator over all its mature months."""
    rows = mature[(mature["indicator_code"] == indicator) & (mature["account_id"] != "all")]
    counts = rows.groupby("account_id")[["numerator_count", "denominator_count"]].sum()
    counts = counts[counts["denominator_count"] >= 30]
    return counts["numerator_count"] / counts["denominator_count"]


@pytest.mark.parametrize(
    ("cause", "indicator"),
    [("failed_logins", "first_login"), ("late_first_coaching", "first_coaching_session")],
)
def test_a_planted_cause_shows_in_its_indicator(mature, truth, cause, indicator):
    rates = pooled(mature, indicator)
    troubled = {row["account_id"] for row in truth["platform"]["bottlenecks"]}
    planted = [
        row["account_id"] for row in truth["platform"]["bottlenecks"] if row["cause"] == cause
    ]
    planted = [account for account in planted if account in rates.index]
    healthy = rates[~rates.index.isin(troubled)]
    assert planted
    assert len(healthy) > 15
    assert rates[planted].max() < healthy.quantile(0.1)


def test_who_takes_part_stays_longer_than_colleagues_where_that_was_planted(mature, truth):
    """The pooled difference lies near the planted one; the naive one is more than ten times it.

    Tolerance: three standard errors of the participants' share, the colleagues' being far more
    exact; what sorts people within a stratum may add to it, and is left to the whole analysis.
    """
    rows = mature[mature["indicator_code"] == "retention_improvement"]
    total = rows[rows["account_id"] == "all"]
    counts = total["denominator_count"].to_numpy()
    rate = total["numerator_count"].sum() / counts.sum()
    found = (total["benchmark_difference"] * counts).sum() / counts.sum()
    planted = truth["workforce"]["all_accounts"]["att"]["retained_12m_total"]
    naive = truth["workforce"]["all_accounts"]["naive_difference_as_drawn"]["retained_12m_total"]
    assert abs(found - planted) < 3 * np.sqrt(rate * (1 - rate) / counts.sum())
    assert naive > 10 * found > 0

    effects = truth["workforce"]["accounts"]
    is_planted = rows["account_id"].map(
        lambda account: effects.get(account, {}).get("hazard_ratios", {}).get("voluntary_leaving")
    )
    difference = {
        name: np.average(some["benchmark_difference"], weights=some["denominator_count"])
        for name, some in {"some": rows[is_planted < 1], "none": rows[is_planted == 1]}.items()
    }
    assert difference["some"] > difference["none"]


def test_steady_months_seldom_raise_an_alarm(mature, truth):
    """By chance beyond three sigmas: 0.3 % of normal months, up to about 1 % of small counts; at
    the end of eight months on one side: 2 / 2^8 = 0.8 %. Together below 3 %."""
    troubled = {row["account_id"] for row in truth["platform"]["bottlenecks"]}
    rows = mature[mature["is_out_of_control"].notna() & mature["indicator_code"].isin(STEADY)]
    rows = rows[~rows["account_id"].isin(troubled)]
    assert len(rows) > 1_000
    assert 0 < rows["is_out_of_control"].mean() < 0.03


def test_the_quiet_second_half_of_december_is_what_stands_out_in_weekly_activity(mature):
    rows = mature[mature["indicator_code"] == "weekly_active_learners"]
    low = rows[rows["control_reason"] == "below_limit"]
    assert set(low.loc[low["account_id"] == "all", "month"].dt.month) == {12}
    assert len(low) > 10
    assert (low["month"].dt.month == 12).mean() > 0.5  # one month of twelve by chance
