"""Work, functions, tickets and hand-overs: counted again from the landed files, and as planted."""

import json

import duckdb
import numpy as np
import pandas as pd
import pytest
from landed_files import is_good
from statsmodels.stats.proportion import proportion_confint

from sample_data.tenant import TRUTH

END = pd.Timestamp("2026-07-01")
ENOUGH = 10  # fewer ratings have no interval
KEPT_ON_TIME = (0.75, 0.92)  # what the generator's typical times let expect


@pytest.fixture(scope="module")
def marts(demo_release):
    """A function that reads a table of the release."""
    return lambda table: duckdb.sql(
        f"select * from read_parquet('{demo_release}/marts/{table}.parquet')"
    ).df()


@pytest.fixture(scope="module")
def own(tenant) -> dict:
    return json.loads((tenant / TRUTH).read_text())["money"]["parameters"]


def hours(first: str, last: str) -> str:
    return f"epoch({last}::timestamptz - {first}::timestamptz) / 3600"


def good(landed: duckdb.DuckDBPyConnection, entity: str) -> str:
    """The landed rows of an entity that keep the contract, each once."""
    return f"""
        (select distinct * exclude (file) from "{entity}" where {is_good(landed, entity)})
    """


@pytest.fixture(scope="module")
def items(landed) -> pd.DataFrame:
    """The work items as landed, the last row of each, with the time equation of their day.

    In the demo tenant an activity keeps its function.
    """
    return landed.execute(f"""
        with item as (
            from {good(landed, "work_item")}
            qualify row_number() over (
                partition by work_item_id order by updated_at::timestamptz desc
            ) = 1
        ),
        constant as (
            select work_item_id, max_by(standard_minutes::double, valid_from) as minutes
            from item join {good(landed, "activity")} using (activity_code)
            where valid_from::date <= closed_at::timestamptz::date group by 1
        ),
        term as (
            select work_item_id, attribute, any_value(amount::double)
                * max_by(minutes_per_unit::double, term.valid_from) as minutes
            from item join {good(landed, "work_item_attribute")} using (work_item_id)
            join {good(landed, "activity_term")} as term using (activity_code, attribute)
            where term.valid_from::date <= closed_at::timestamptz::date group by 1, 2
        ),
        terms as (select work_item_id, sum(minutes) as minutes from term group by 1)
        select work_item_id, function_code, coalesce(account_id, 'internal') as account_id,
            coalesce(quantity::double, 1) as quantity,
            case when closed_at is not null then actual_minutes::double end as actual,
            coalesce(quantity::double, 1) * (constant.minutes + coalesce(terms.minutes, 0))
                as standard,
            rework_of is not null as is_rework, reopened_count::int > 0 as is_reopened,
            opened_at::timestamptz::timestamp as opened, due_at::timestamptz::timestamp as due,
            closed_at::timestamptz::timestamp as closed,
            {hours("opened_at", "first_response_at")} as response,
            {hours("opened_at", "started_at")} as wait, {hours("opened_at", "closed_at")} as cycle,
            avg((coalesce(quantity::double, 1) > 1)::int) over (partition by activity_code) > 0.5
                as is_lot
        from item
        left join (select distinct activity_code, function_code from {good(landed, "activity")})
            using (activity_code)
        left join constant using (work_item_id) left join terms using (work_item_id)
    """).df()


@pytest.fixture(scope="module")
def tickets(landed) -> pd.DataFrame:
    """The tickets as landed, the last row of each."""
    return landed.execute(f"""
        select ticket_id, category, opened_at::timestamptz::timestamp as opened,
            due_at::timestamptz::timestamp as due, resolved_at::timestamptz::timestamp as closed,
            {hours("opened_at", "resolved_at")} as cycle,
            {hours("opened_at", "first_response_at")} as response,
            reopened_count::int > 0 as is_reopened, csat_score::int as csat
        from {good(landed, "support_ticket")}
        qualify row_number() over (partition by ticket_id order by updated_at::timestamptz desc) = 1
    """).df()


def monthly(rows: pd.DataFrame, key: str):
    """Each published month's rows by key: opened in it, closed in it, open at its end."""
    for code in [*sorted(rows[key].unique()), "all"]:
        mine = rows if code == "all" else rows[rows[key] == code]
        first = mine["opened"].min().to_period("M").to_timestamp()
        for month in pd.date_range(first, "2026-06-01", freq="MS"):
            after = month + pd.DateOffset(months=1)
            opened = mine[(mine["opened"] >= month) & (mine["opened"] < after)]
            closed = mine[(mine["closed"] >= month) & (mine["closed"] < after)]
            waiting = mine[(mine["opened"] < after) & ~(mine["closed"] < after)]
            yield (code, month), opened, closed, waiting[["opened", "due"]], after


def expect_rate(row: pd.Series, name: str, hits: int, size: int) -> None:
    """Check a rate and its interval; nothing where there is nothing to divide by."""
    if size == 0:
        assert pd.isna(row[f"{name}_rate"])
        assert pd.isna(row[f"{name}_ci_low"])
        return
    low, high = proportion_confint(hits, size, method="wilson")
    assert row[f"{name}_rate"] == pytest.approx(hits / size)
    assert row[f"{name}_ci_low"] == pytest.approx(low, abs=1e-9)
    assert row[f"{name}_ci_high"] == pytest.approx(high, abs=1e-9)


def near(value: float):
    return pytest.approx(value, rel=1e-9, nan_ok=True)


# -- counted again ---------------------------------------------------------------------------------


def test_every_work_item_is_there_with_its_hours_minutes_and_punctuality(marts, items):
    facts = marts("fct_work_items").set_index("work_item_id").sort_index()
    again = items.set_index("work_item_id").sort_index()
    assert facts.index.equals(again.index)
    for column, mine in (
        ("function_code", "function_code"), ("account_id", "account_id"),
        ("is_rework", "is_rework"),
    ):  # fmt: skip
        assert (facts[column] == again[mine]).all(), column
    for column, mine in (
        ("cycle_hours", "cycle"), ("wait_hours", "wait"), ("response_hours", "response"),
        ("quantity", "quantity"), ("standard_minutes", "standard"), ("actual_minutes", "actual"),
    ):  # fmt: skip
        np.testing.assert_allclose(
            facts[column].astype(float), again[mine], rtol=1e-9, atol=1e-4, err_msg=column
        )
    known = again["closed"].notna() | (again["due"] < END - pd.Timedelta(seconds=1))
    on_time = (again["closed"] <= again["due"]).where(known & again["due"].notna())
    assert facts["is_on_time"].isna().equals(on_time.isna())
    assert (facts["is_on_time"].dropna().astype(bool) == on_time.dropna().astype(bool)).all()
    single = (again["quantity"] <= 1) & ~again["is_lot"]
    assert (facts["is_single"] == single).all()
    assert 0.4 < single.mean() < 0.5


def test_each_function_and_month_is_what_plain_counting_finds(marts, items):
    rows = marts("rpt_function_performance").set_index(["function_code", "month"])
    capacity = marts("rpt_capacity").dropna(subset=["used_minutes", "practical_minutes"])
    count = 0
    for key, opened, closed, waiting, after in monthly(items, "function_code"):
        row, count = rows.loc[key], count + 1
        assert row["is_supplied"]
        assert row["is_mature"] == (after <= END)
        due, single = closed[closed["due"].notna()], closed[(closed["quantity"] <= 1)]
        single = single[~single["is_lot"]]
        assert row["opened_count"] == len(opened)
        assert row["closed_count"] == len(closed)
        assert row["backlog_count"] == len(waiting)
        assert row["single_count"] == len(single)
        assert row["overdue_count"] == (waiting["due"] < after - pd.Timedelta(seconds=1)).sum()
        assert float(row["quantity"]) == near(closed["quantity"].sum())
        assert row["due_count"] == len(due)
        expect_rate(row, "on_time", (due["closed"] <= due["due"]).sum(), len(due))
        expect_rate(row, "rework", single["is_rework"].sum(), len(single))
        expect_rate(row, "reopened", single["is_reopened"].sum(), len(single))
        assert row["cycle_p50_hours"] == near(single["cycle"].quantile(0.5))
        assert row["cycle_p90_hours"] == near(single["cycle"].quantile(0.9))
        assert row["wait_p50_hours"] == near(single["wait"].quantile(0.5))
        assert row["response_p50_hours"] == near(single["response"].quantile(0.5))
        assert row["cycle_variation"] == near(single["cycle"].std() / single["cycle"].mean())
        assert row["flow_efficiency"] == near(1 - single["wait"].sum() / single["cycle"].sum())
        ratio = closed["actual"].sum() / closed["standard"].sum()
        assert row["standard_ratio"] == pytest.approx(ratio, rel=1e-6)
        used = capacity[capacity["month"] == key[1]]
        used = used if key[0] == "all" else used[used["function_code"] == key[0]]
        assert row["utilization_rate"] == near(
            float(used["used_minutes"].sum()) / float(used["practical_minutes"].sum())
        )
    assert count == len(rows) == 9 * 36


def test_each_category_and_month_is_what_plain_counting_finds(marts, tickets):
    rows = marts("rpt_ticket_performance").set_index(["category", "month"])
    count = 0
    for key, opened, closed, waiting, after in monthly(tickets, "category"):
        row, count = rows.loc[key], count + 1
        assert row["is_supplied"]
        assert row["is_mature"] == (after <= END)
        due, rated = closed[closed["due"].notna()], closed["csat"].dropna().astype(float)
        assert row["opened_count"] == len(opened)
        assert row["resolved_count"] == len(closed)
        assert row["backlog_count"] == len(waiting)
        assert row["overdue_count"] == (waiting["due"] < after - pd.Timedelta(seconds=1)).sum()
        expect_rate(row, "on_time", (due["closed"] <= due["due"]).sum(), len(due))
        expect_rate(row, "reopened", closed["is_reopened"].sum(), len(closed))
        assert row["resolve_p50_hours"] == near(closed["cycle"].quantile(0.5))
        assert row["resolve_p90_hours"] == near(closed["cycle"].quantile(0.9))
        assert row["response_p50_hours"] == near(closed["response"].quantile(0.5))
        assert row["rated_count"] == len(rated)
        assert row["csat_mean"] == near(rated.mean())
        margin = 1.959963984540054 * rated.sem() if len(rated) >= ENOUGH else np.nan
        assert row["csat_ci_low"] == near(np.clip(rated.mean() - margin, 1, 5))
        assert row["csat_ci_high"] == near(np.clip(rated.mean() + margin, 1, 5))
    assert count == len(rows)


def test_each_hand_over_waits_as_long_as_the_landed_dates_say(marts, landed):
    rows = marts("rpt_handoffs").set_index(["from_function", "to_function", "month"])
    decided = landed.execute(f"""
        select date_trunc('month', decided_at::timestamptz)::date as month,
            {hours("submitted_at", "decided_at")} as wait
        from {good(landed, "application")}
        where submitted_at is not null
        qualify row_number() over (
            partition by application_id order by updated_at::timestamptz desc
        ) = 1 and decided_at is not null
    """).df()
    journeys = marts("fct_enrollment_journeys")
    login = pd.DataFrame({
        "month": journeys["first_login_at"].dt.to_period("M").dt.to_timestamp(),
        "wait": (journeys["first_login_at"] - journeys["started_at"]).dt.total_seconds() / 3600,
    }).dropna()  # fmt: skip
    coaching = pd.DataFrame({
        "month": journeys["first_coaching_at"].dt.to_period("M").dt.to_timestamp(),
        "wait": (journeys["first_coaching_at"] - journeys["first_login_at"]).dt.total_seconds()
        / 3600,
    }).dropna()  # fmt: skip
    steps = {
        ("marketing", "enrollment"): decided,
        ("enrollment", "product"): login,
        ("product", "coaching"): coaching,
    }
    total = pd.concat(steps.values())
    total = total["wait"].clip(lower=0).groupby(pd.to_datetime(total["month"])).sum()
    count = 0
    for pair, waits in steps.items():
        for month, group in waits["wait"].clip(lower=0).groupby(pd.to_datetime(waits["month"])):
            row, count = rows.loc[(*pair, month)], count + 1
            assert row["handoffs_count"] == len(group)
            assert row["wait_p50_hours"] == near(group.quantile(0.5))
            assert row["wait_p90_hours"] == near(group.quantile(0.9))
            assert row["wait_hours_total"] == near(group.sum())
            assert row["wait_share"] == near(group.sum() / total[month])
    assert count == (rows.index.get_level_values(0) != "all").sum() > 90
    everywhere = rows.loc[("all", "all")].sort_index()["wait_hours_total"]
    assert np.allclose(everywhere.to_numpy(), total.to_numpy())


# -- the planted truth -----------------------------------------------------------------------------


def pooled(rows: pd.DataFrame, hits: str, size: str) -> tuple[float, float]:
    """The rate of some months together, and four standard errors."""
    rate = rows[hits].sum() / rows[size].sum()
    return rate, 4 * np.sqrt(rate * (1 - rate) / rows[size].sum())


def test_overloaded_functions_are_slow_late_and_out_of_their_limits(marts, own):
    rows = marts("rpt_function_performance")
    rows = rows[rows["is_mature"] & (rows["function_code"] != "all")]
    below = rows[rows["control_reason"] == "below_limit"]
    planted = set()
    for code, first, last, _ in own["overloaded"]:
        mine = rows[rows["function_code"] == code]
        # Work is slow by the month in which it was opened; what is closed then was partly older.
        slow = mine[mine["month"].between(f"{first}-01", f"{last}-01")]
        usual = mine[~mine["month"].between(f"{first}-01", f"{last}-28")]
        assert slow["cycle_p50_hours"].mean() > 1.3 * usual["cycle_p50_hours"].mean()
        assert slow["utilization_rate"].min() > 1 > usual["utilization_rate"].mean()
        assert slow["on_time_count"].sum() / slow["due_count"].sum() < 0.7
        assert usual["on_time_count"].sum() / usual["due_count"].sum() > 0.88
        found = below[(below["function_code"] == code) & below["month"].isin(slow["month"])]
        assert len(found) >= 2
        planted |= set(found.index)
    # Chance beyond three standard errors in the other 270 months: one, rarely two.
    assert len(below) - len(planted) <= 2


def test_rework_and_reopening_are_as_often_as_planted(marts, own):
    rows = marts("rpt_function_performance")
    rows = rows[rows["function_code"] == "all"]
    rework, error = pooled(rows, "rework_count", "single_count")
    assert abs(rework - own["rework"] / (1 + own["rework"])) < error + 0.003
    again, error = pooled(rows, "reopened_count", "reopened_known_count")
    assert abs(again - own["reopened"]) < error
    tickets = marts("rpt_ticket_performance")
    tickets = tickets[tickets["category"] == "all"]
    again, error = pooled(tickets, "reopened_count", "reopened_known_count")
    assert abs(again - own["ticket_reopened"]) < error


def test_work_is_on_time_as_often_as_its_typical_times_let_expect(marts):
    rows = marts("rpt_function_performance")
    on_time, _ = pooled(rows[rows["function_code"] == "all"], "on_time_count", "due_count")
    assert KEPT_ON_TIME[0] < on_time < KEPT_ON_TIME[1]
