"""The page of the functions: its numbers are the marts', for each function that is chosen."""

from urllib.parse import parse_qs, urlparse

import duckdb
import pytest
from playwright.sync_api import Page, expect
from site_browser import (
    OPERATIONS,
    choose,
    copied,
    count,
    number,
    percent,
    serving,
    watching,
    with_interval,
    with_range,
)

NEWEST = """
    select facts.*, before.on_time_rate as before_rate, before.on_time_ci_low as before_low,
        before.on_time_ci_high as before_high, before.backlog_count as before_backlog_count
    from {{rpt_{table}}} as facts
    left join {{rpt_{table}}} as before
        on facts.{key} = before.{key} and before.month = facts.month - interval 1 year
    where facts.month = (select max(month) from {{rpt_{table}}} where is_mature)
"""
# Limits of single functions in 2023 and 2024 only, nobody waited, no ticket in the newest month.
UNKNOWN = """
    update rpt_function_performance set flow_efficiency = null, centre_rate = null,
        limit_low = null, limit_high = null, control_reason = null, is_out_of_control = null
    where function_code = 'all' or month >= '2025-01-01';
    update rpt_handoffs set wait_share = null, wait_hours_total = 0;
    update rpt_ticket_performance
    set resolved_count = 0, on_time_rate = null, resolve_p50_hours = null, resolve_p90_hours = null
    where month = (select max(month) from rpt_ticket_performance where is_mature);
"""


@pytest.fixture(scope="module")
def young(demo_release, tmp_path_factory):
    """The address of the same site on the tables of a provider of whom less is known."""
    release = copied(demo_release, tmp_path_factory.mktemp("young"))
    [tables] = release.glob("site/data/**/mart.duckdb")
    with duckdb.connect(tables) as connection:
        connection.execute(UNKNOWN)
    for answers in release.glob("site/api/**/all-queries.json"):
        answers.write_text("{}")  # answers from before: the page asks again
    with serving(release) as address:
        yield address


@pytest.fixture(scope="module")
def functions(marts) -> dict[str, dict]:
    """The newest month that is over, by function, and what it is compared with."""
    rows = marts.ask(NEWEST.format(table="function_performance", key="function_code"))
    return {row["function_code"]: row for row in rows}


def on_time(row: dict, decimals: int = 0) -> str:
    return with_interval(
        row["on_time_rate"], row["on_time_ci_low"], row["on_time_ci_high"], decimals
    )


def expect_function(page: Page, row: dict) -> None:
    """Check the first sentence, and the control chart's heading, against the function's rows."""
    expect(page.get_by_test_id("answer-on-time")).to_have_text(on_time(row))
    expect(page.get_by_test_id("answer-before")).to_have_text(
        with_interval(row["before_rate"], row["before_low"], row["before_high"], 0)
    )
    pile = page.get_by_test_id("pile")
    expect(pile).to_contain_text(f"{count(row['backlog_count'])} item")
    expect(pile).to_contain_text(f"{count(row['before_backlog_count'])} a year before")
    expect(pile).to_contain_text(f"{count(row['overdue_count'])} of them overdue")
    expect(page.locator("#time")).to_contain_text(f"{count(row['cycle_p50_hours'])} hours")
    expect(page.get_by_test_id("flowing")).to_contain_text(
        f"{percent(row['flow_efficiency'], 0)} at"
    )


def test_each_choice_shows_its_own_function_and_is_in_the_address(watched, marts, functions):
    page = watched.open(OPERATIONS)
    for code, row in functions.items():
        choose(page, "function", code)
        expect_function(page, row)
        [months] = marts.ask(
            """
            select count(*) filter (where due_count > 0) as months_count,
                count(*) filter (where is_out_of_control is not null) as limited_count,
                count(*) filter (where is_out_of_control) as signals_count
            from {rpt_function_performance} where function_code = ? and is_supplied
            """,
            code,
        )
        chart = page.get_by_test_id("control-chart").locator("figure")
        expect(chart.locator("circle")).to_have_count(months["months_count"])
        expect(chart.locator("circle.signal")).to_have_count(months["signals_count"])
        expect(page.locator("#on-time")).to_contain_text(
            f"of {months['limited_count']} out of control"
        )
        asked = parse_qs(urlparse(page.url).query)
        assert asked == ({} if code == "all" else {"function": [code]})


def test_every_function_has_its_row(watched, functions):
    page = watched.open(OPERATIONS)
    states = {None: "no limits", True: "out of control", False: "in control"}
    for code, row in functions.items():
        shown = page.get_by_test_id(f"function-{code}")
        expect(shown.get_by_test_id("on-time")).to_have_text(on_time(row))
        expect(shown.get_by_test_id("p50")).to_have_text(f"{count(row['cycle_p50_hours'])} h")
        expect(shown.get_by_test_id("p90")).to_have_text(f"{count(row['cycle_p90_hours'])} h")
        expect(shown.get_by_test_id("backlog")).to_have_text(
            f"{count(row['backlog_count'])} ({count(row['before_backlog_count'])})"
        )
        expect(shown.get_by_test_id("rework")).to_have_text(
            with_interval(row["rework_rate"], row["rework_ci_low"], row["rework_ci_high"], 0)
        )
        expect(shown.get_by_test_id("standard")).to_have_text(number(row["standard_ratio"]))
        expect(shown.get_by_test_id("used")).to_have_text(percent(row["utilization_rate"], 0))
        expect(shown.get_by_test_id("flow")).to_have_text(percent(row["flow_efficiency"], 0))
        expect(shown.get_by_test_id("state")).to_have_text(states[row["is_out_of_control"]])


def test_functions_out_of_their_limits_are_named_with_their_months(watched, marts, functions):
    out = [row for code, row in functions.items() if code != "all" and row["is_out_of_control"]]
    [unusual] = marts.ask(
        """
        select function_code from {rpt_function_performance}
        where function_code <> 'all' and is_out_of_control
        group by function_code
        order by count(*) desc, function_code
        limit 1
        """
    )
    page = watched.open(OPERATIONS)
    for row in out:
        said = page.get_by_test_id("answer").get_by_test_id(f"out-{row['function_code']}")
        expect(said).to_have_text(on_time(row))
    choose(page, "function", unusual["function_code"])
    everybody = page.get_by_test_id("answer").get_by_test_id("answer-all")
    expect(everybody).to_have_text(on_time(functions["all"]))
    months = marts.ask(
        """
        select strftime(month, '%B %Y') as name from {rpt_function_performance}
        where function_code = ? and is_out_of_control
        """,
        unusual["function_code"],
    )
    expect(page.locator("#on-time")).to_contain_text(f"{len(months)} month")
    for month in months:
        expect(page.get_by_test_id("marked")).to_contain_text(month["name"])


def test_hand_overs_and_tickets_are_those_of_the_marts(watched, marts):
    page = watched.open(OPERATIONS)
    handovers = marts.ask(
        """
        select * from {rpt_handoffs}
        where from_function <> 'all'
            and month = (select max(month) from {rpt_handoffs} where is_mature)
        """
    )
    assert len(handovers) > 2
    for row in handovers:
        shown = page.get_by_test_id(f"handover-{row['from_function']}-{row['to_function']}")
        expect(shown.get_by_test_id("share")).to_have_text(percent(row["wait_share"], 0))
        expect(shown.get_by_test_id("count")).to_have_text(count(row["handoffs_count"]))
        expect(shown.get_by_test_id("p50")).to_have_text(f"{count(row['wait_p50_hours'])} h")
        expect(shown.get_by_test_id("p90")).to_have_text(f"{count(row['wait_p90_hours'])} h")
    tickets = marts.ask(NEWEST.format(table="ticket_performance", key="category"))
    assert len(tickets) > 5
    for row in tickets:
        shown = page.get_by_test_id(f"category-{row['category']}")
        expect(shown.get_by_test_id("resolved")).to_have_text(count(row["resolved_count"]))
        expect(shown.get_by_test_id("open")).to_have_text(count(row["backlog_count"]))
        if row["resolved_count"] == 0:
            continue
        expect(shown.get_by_test_id("on-time")).to_have_text(on_time(row))
        expect(shown.get_by_test_id("p50")).to_have_text(f"{number(row['resolve_p50_hours'], 1)} h")
        expect(shown.get_by_test_id("p90")).to_have_text(f"{number(row['resolve_p90_hours'], 1)} h")
        reopened = (row["reopened_rate"], row["reopened_ci_low"], row["reopened_ci_high"])
        expect(shown.get_by_test_id("reopened")).to_have_text(with_interval(*reopened, 0))
        if row["csat_mean"] is not None:
            mean = number(row["csat_mean"], 1)
            if row["csat_ci_low"] is not None:
                mean = with_range(row["csat_mean"], row["csat_ci_low"], row["csat_ci_high"], 1)
            expect(shown.get_by_test_id("csat")).to_contain_text(mean)
            expect(shown.get_by_test_id("csat")).to_contain_text(
                f"{count(row['rated_count'])} rated"
            )


def test_what_is_not_known_is_not_said(browser, young, marts):
    [newest] = marts.ask(
        "select strftime(max(month), '%B %Y') as month from {rpt_handoffs} where is_mature"
    )
    [limited] = marts.ask(
        """
        select count(is_out_of_control) as count from {rpt_function_performance}
        where function_code = 'coaching' and month < '2025-01-01'
        """
    )
    assert limited["count"] > 0
    with watching(browser, young) as watched:
        page = watched.open(OPERATIONS)
        expect(page.locator("#functions")).to_have_text("No function has limits yet")
        expect(page.get_by_test_id("answer")).to_contain_text("No function has limits yet")
        expect(page.locator("#on-time")).to_have_text(
            "All functions: too little to tell a change from chance"
        )
        expect(page.get_by_test_id("flowing")).to_contain_text("one in ten took longer")
        expect(page.get_by_test_id("flowing")).not_to_contain_text("worked on")
        expect(page.locator("#handovers")).to_have_text(
            f"Nobody waited between functions in {newest['month']}"
        )
        expect(page.locator("#tickets")).to_have_text(
            f"No ticket was resolved in {newest['month']}"
        )
        expect(page.get_by_test_id("tickets-answer")).to_have_count(0)
        choose(page, "function", "coaching")
        expect(page.locator("#on-time")).to_contain_text(f"of {limited['count']} out of control")
