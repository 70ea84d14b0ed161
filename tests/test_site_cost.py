"""The page of cost and capacity: its numbers are the marts', for every function."""

from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import expect
from site_browser import COST, amount, choose, count, money, percent

MONTHS = "January February March April May June July August September October November December"


def month(value) -> str:
    return f"{MONTHS.split()[value.month - 1]} {value.year}"


@pytest.fixture(scope="module")
def functions(marts) -> list[dict]:
    return marts.ask("select distinct function_code from {rpt_capacity} order by function_code")


def uses(marts, function: str) -> dict[str, dict]:
    rows = marts.ask(
        "select * from {rpt_ledger_use} where period_no = 0 and function_code = ?", function
    )
    return {row["part"]: row for row in rows}


def test_the_answer_is_that_of_each_function(watched, marts, functions):
    page = watched.open(COST)
    for function in ("all", *[row["function_code"] for row in functions]):
        choose(page, "function", function)
        parts = uses(marts, function)
        total = parts["accounts"]["total_amount"]
        expect(page.get_by_test_id("answer-total")).to_have_text(
            money(total, parts["accounts"]["currency"])
        )
        for part in ("accounts", "unused"):
            expect(page.get_by_test_id(f"answer-{part}")).to_have_text(
                percent(parts[part]["amount_share"])
            )
        expect(page.get_by_test_id("answer")).to_contain_text(
            f"the twelve months to {month(parts['accounts']['last_month'])}"
        )
    assert parse_qs(urlparse(page.url).query) == {"function": [functions[-1]["function_code"]]}


def test_every_function_stands_with_what_it_left_unused(watched, marts, functions):
    page = watched.open(COST)
    for row in functions:
        unused = uses(marts, row["function_code"])["unused"]
        cells = page.get_by_test_id(f"function-{row['function_code']}").locator("td.num")
        expect(cells).to_have_text(
            [
                amount(unused["amount"]),
                percent(unused["amount_share"]),
                percent(unused["prior_share"]),
                amount(unused["total_amount"]),
            ]
        )


def test_the_function_with_most_to_spare_is_named(watched, marts):
    page = watched.open(COST)
    [spare] = marts.ask("""
        select functions.title
        from {rpt_ledger_use} as uses
        inner join {dim_functions} as functions on uses.function_code = functions.function_code
        where uses.period_no = 0 and uses.part = 'unused'
        order by uses.amount desc
        limit 1
    """)
    expect(page.get_by_test_id("answer-spare")).to_have_text(spare["title"].lower())
    expect(page.locator("#capacity")).to_contain_text(f"{spare['title']} has most to spare")


def test_overloaded_months_are_marked_and_named(watched, marts):
    page = watched.open(COST)
    months = marts.ask("select * from {rpt_capacity} where utilization_rate is not null")
    drawn = page.get_by_test_id("utilization").locator("figure circle")
    expect(drawn).to_have_count(len(months))
    marked = page.get_by_test_id("utilization").locator("figure circle.signal")
    expect(marked).to_have_count(sum(row["is_overloaded"] for row in months))
    last = uses(marts, "all")["accounts"]
    named = [
        row
        for row in months
        if row["is_overloaded"] and last["first_month"] <= row["month"] <= last["last_month"]
    ]
    assert named
    for row in named:
        expect(page.get_by_test_id("overloads")).to_contain_text(
            f"{month(row['month'])} {percent(row['utilization_rate'], 0)}"
        )


@pytest.mark.parametrize("function", ["coaching", "analytics"])
def test_a_unit_costs_what_the_mart_says(watched, marts, function):
    page = watched.open(f"{COST}?function={function}")
    rows = marts.ask(
        "select * from {rpt_cost_to_serve} where period_no = 0 and function_code = ?", function
    )
    assert len(rows) >= 3
    for row in rows:
        shown = page.get_by_test_id(f"activity-{row['activity_code']}")
        before = amount(row["prior_cost_per_unit"], 2)
        expect(shown.get_by_test_id("cost-per-unit")).to_have_text(
            f"{amount(row['cost_per_unit'], 2)} ({before})"
        )
        expect(shown).to_contain_text(count(row["quantity"]))
        expect(shown).to_contain_text(amount(row["cost_amount"]))


def test_the_ledger_is_drawn_whole_and_what_is_missing_is_said(watched, marts):
    page = watched.open(COST)
    [ledger] = marts.ask("""
        select count(*) as months_count, bool_and(is_closed) as is_closed,
            count(*) filter (where accounts_amount <> 0)
            + count(*) filter (where internal_amount <> 0)
            + count(*) filter (where sustaining_amount <> 0)
            + count(*) filter (where unallocated_amount <> 0)
            + count(*) filter (where unused_amount <> 0) as parts_count
        from {rpt_cost_reconciliation}
    """)
    assert ledger["is_closed"]
    expect(page.locator("#reconciliation")).to_have_text(
        f"Every cent of {ledger['months_count']} months is accounted for"
    )
    bars = page.get_by_test_id("ledger-chart").locator("figure rect")
    expect(bars).to_have_count(ledger["parts_count"])
    gaps = marts.ask("select * from {rpt_costing_gaps}")
    if gaps:
        expect(page.get_by_test_id("gaps").locator("tbody tr")).to_have_count(min(len(gaps), 20))
    else:
        expect(page.get_by_test_id("no-gaps")).to_be_visible()
