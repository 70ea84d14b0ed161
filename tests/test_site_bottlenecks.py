"""The page of bottlenecks: its numbers are the marts', and most accounts have none."""

from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect
from site_browser import BOTTLENECK, choose, count, number, percent, points, with_interval

VERDICTS = {
    "supported": "behind peers",
    "not_supported": "not behind",
    "not_enough_data": "too little data",
}


def bottlenecks(marts) -> list[dict]:
    """Every step of every account that has a rate, with the interval of the rate."""
    return marts.ask(
        """
        select bottlenecks.*, funnel.mature_ci_low as ci_low, funnel.mature_ci_high as ci_high
        from {rpt_bottlenecks} as bottlenecks
        inner join {rpt_funnel_cohorts} as funnel
            on bottlenecks.account_id = funnel.account_id
            and bottlenecks.stage_code = funnel.stage_code
            and funnel.program_id = 'all' and funnel.cohort_month = 'all'
        where bottlenecks.conversion_rate is not null
        order by bottlenecks.account_id, bottlenecks.stage_order
        """
    )


@pytest.fixture(scope="module")
def steps(marts):
    return bottlenecks(marts)


@pytest.fixture(scope="module")
def first_located(steps) -> dict[str, dict]:
    """By account, its first bottleneck."""
    return {step["account_id"]: step for step in steps if step["bottleneck_rank"] == 1}


def expect_gap(row, step: dict) -> None:
    expect(row.get_by_test_id("rate")).to_have_text(
        with_interval(step["conversion_rate"], step["ci_low"], step["ci_high"])
        + f" {count(step['numerator_count'])} of {count(step['denominator_count'])}"
    )
    if step["benchmark_rate"] is None:
        expect(row.get_by_test_id("benchmark")).to_have_text("none")
        return
    expect(row.get_by_test_id("benchmark")).to_contain_text(percent(step["benchmark_rate"]))
    low, high = points(step["gap_ci_low"]), points(step["gap_ci_high"])
    expect(row.get_by_test_id("gap")).to_have_text(f"{points(step['gap'])} ({low} to {high})")


def expect_evidence(page: Page, rows: list[dict]) -> None:
    for row in rows:
        shown = page.get_by_test_id(f"question-{row['question_code']}")
        verdict = VERDICTS[row["verdict"]] if row["is_supplied"] else "not supplied"
        expect(shown.get_by_test_id("verdict")).to_have_text(verdict)
        written = percent if row["unit"] == "share" else lambda value: number(value, 1)
        expect(shown.get_by_test_id("value")).to_contain_text(written(row["value"]))
        expect(shown.get_by_test_id("benchmark")).to_have_text(written(row["benchmark_value"]))
        expect(shown.get_by_test_id("observations")).to_have_text(count(row["evidence_count"]))


def test_all_accounts_together_show_every_located_bottleneck(watched, marts, steps, first_located):
    assert first_located
    page = watched.open(BOTTLENECK)
    expect(page.get_by_test_id("located-count")).to_have_text(str(len(first_located)))
    expect(page.get_by_test_id("answer")).to_contain_text(
        f"of {len({step['account_id'] for step in steps} - {'unknown'})} accounts"
    )
    costliest = max(first_located.values(), key=lambda step: step["lost_completions"])
    expect(page.get_by_test_id("answer-rate")).to_have_text(
        with_interval(costliest["conversion_rate"], costliest["ci_low"], costliest["ci_high"], 0)
    )
    located = [step for step in steps if step["bottleneck_rank"] is not None]
    rows = page.get_by_test_id("located").locator("tbody tr")
    expect(rows).to_have_count(len(located))
    for account, step in first_located.items():
        row = page.get_by_test_id(f"located-{account}").first
        expect_gap(row, step)
        expect(row.get_by_test_id("lost")).to_have_text(count(step["lost_completions"]))
    for question in marts.ask(
        """
        select question_code,
            count(*) filter (where verdict = 'supported') as supported,
            count(*) filter (where verdict = 'not_supported') as not_supported,
            count(*) filter (where verdict = 'not_enough_data') as too_little
        from {rpt_diagnostic_evidence}
        where account_id in (select account_id from {rpt_funnel_cohorts})
        group by question_code
        """
    ):
        code = question.pop("question_code")
        cells = page.get_by_test_id(f"asked-{code}").locator("td.right")
        expect(cells).to_have_text([count(value) for value in question.values()])


def test_an_account_with_a_bottleneck_is_told_where_why_and_who(
    watched, marts, steps, first_located
):
    page = watched.open(BOTTLENECK)
    for account, step in list(first_located.items())[:5]:
        choose(page, "account", account)
        expect(page.get_by_test_id("answer-rate")).to_have_text(
            with_interval(step["conversion_rate"], step["ci_low"], step["ci_high"], 0)
        )
        functions = [code.replace("_", " ") for code in step["function_codes"].split()]
        for function in functions:
            expect(page.get_by_test_id("answer-functions")).to_contain_text(function)
        rows = page.get_by_test_id("functions").locator("tbody tr")
        expect(rows).to_have_count(len(functions))
        own = [row for row in steps if row["account_id"] == account]
        expect(page.get_by_test_id("steps").locator("tbody tr")).to_have_count(len(own))
        for row, own_step in zip(
            page.get_by_test_id("steps").locator("tbody tr").all(), own, strict=True
        ):
            expect_gap(row, own_step)
        expect_evidence(
            page, marts.ask("select * from {rpt_diagnostic_evidence} where account_id = ?", account)
        )
    assert parse_qs(urlparse(page.url).query) == {"account": [account]}


def test_an_account_without_a_bottleneck_is_told_so(watched, marts, steps, first_located):
    others = sorted({step["account_id"] for step in steps} - set(first_located))
    assert len(others) > len(first_located)
    for account in others[:3]:
        page = watched.open(f"{BOTTLENECK}?account={account}")
        expect(page.get_by_test_id("choice-account")).to_have_value(account)
        expect(page.get_by_test_id("answer")).to_contain_text("no loss is clearly more")
        expect(page.get_by_test_id("functions")).to_have_count(0)
        expect_evidence(
            page, marts.ask("select * from {rpt_diagnostic_evidence} where account_id = ?", account)
        )


def test_the_cases_are_counted_and_the_open_ones_listed(watched, marts):
    page = watched.open(BOTTLENECK)
    cases = marts.ask("select * from {fct_interventions}")
    judged = [case for case in cases if case["is_located_first"] is not None]
    located = [case for case in judged if case["is_located_first"]]
    expect(page.locator("#cases")).to_contain_text(f"{len(located)} of {len(judged)} were located")
    closed = [case for case in located if not case["is_open"]]
    improved = [case for case in closed if case["outcome"] == "improved"]
    expect(page.get_by_test_id("cases-sentence")).to_contain_text(
        f"Of {len(closed)} closed cases that were located first, {len(improved)} improved"
    )
    for case in cases:
        shown = page.get_by_test_id(f"case-{case['case_id']}")
        expect(shown).to_have_count(1 if case["is_open"] else 0)


def test_the_link_of_an_account_leads_to_its_own_answer(watched, first_located):
    page = watched.open(BOTTLENECK)
    account = next(iter(first_located))
    watched.is_leaving = True
    page.get_by_test_id(f"located-{account}").first.locator("a").click()
    expect(page.get_by_test_id("choice-account")).to_have_value(account)
    watched.is_leaving = False
