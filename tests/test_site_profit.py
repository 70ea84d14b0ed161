"""The page of accounts' profit: its numbers are the marts', for every period and some accounts."""

from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect
from site_browser import MINUS, MISSING, PROFIT, amount, choose, count, money, number, percent


def share(value: float | None) -> str:
    return percent(value).replace("-", MINUS)


@pytest.fixture(scope="module")
def periods(marts) -> dict[str, dict]:
    return {row["period_code"]: row for row in marts.ask("select * from {rpt_concentration}")}


def expect_answer(page: Page, period: dict) -> None:
    answer = page.get_by_test_id("answer")
    currency = period["currency"]
    expect(answer.get_by_test_id("answer-count")).to_have_text(
        f"{period['peak_rank']} of {period['accounts_count']} accounts"
    )
    for name, value in {
        "answer-peak": period["peak_profit_amount"],
        "answer-erosion": period["erosion_amount"],
    }.items():
        expect(answer.get_by_test_id(name)).to_have_text(money(value, currency))
    expect(answer.get_by_test_id("answer-share")).to_have_text(
        percent(period["peak_profit_share"], 0)
    )
    expect(page.locator("#curve")).to_have_text(
        f"{period['earning_accounts_count']} of {period['accounts_count']} accounts"
        " make as much as all together"
    )
    expect(page.get_by_test_id("correlation")).to_contain_text(
        number(period["revenue_profit_rank_correlation"])
    )
    low, high = period["rank_correlation_ci_low"], period["rank_correlation_ci_high"]
    finding = "more profit" if low > 0 else "less profit" if high < 0 else "is not shown to tell"
    expect(page.locator("#revenue")).to_contain_text(finding)


def test_every_period_shows_its_accounts_and_a_year_before(watched, marts, periods):
    page = watched.open(PROFIT)
    expect(page.get_by_test_id("choice-period")).to_have_value("T12M")
    for code in ["T12M", *sorted(set(periods) - {"T12M"})]:
        period = periods[code]
        choose(page, "period", code)
        expect_answer(page, period)
        earlier = periods.get(period["prior_period_code"])
        if earlier:
            expect(page.get_by_test_id("answer")).to_contain_text(
                f"{earlier['peak_rank']} of {earlier['accounts_count']} did"
            )
        if period["profit_persistence"] is not None:
            expect(page.get_by_test_id("persistence")).to_contain_text(
                number(period["profit_persistence"])
            )
        else:
            expect(page.get_by_test_id("persistence")).to_have_count(0)
        if period["new_accounts_count"]:
            expect(page.get_by_test_id("new")).to_contain_text(
                money(abs(period["new_accounts_profit_amount"]), period["currency"])
            )
        accounts = marts.ask(
            """
            select here.*, earlier.profit_margin as earlier_profit_margin
            from {rpt_whale_curve} as here
            left join {rpt_whale_curve} as earlier
                on here.account_id = earlier.account_id and earlier.period_code = ?
            where here.period_code = ?
            order by here.profit_rank
            """,
            period["prior_period_code"],
            code,
        )
        rows = page.get_by_test_id("accounts").locator("tbody tr")
        expect(rows).to_have_count(len(accounts))
        for row, account in zip(rows.all(), accounts, strict=True):
            names = ("revenue_amount", "gross_profit_amount", "cost_to_serve_amount")
            amounts = [amount(account[name]) for name in (*names, "profit_amount")]
            margins = [share(account[name]) for name in ("profit_margin", "earlier_profit_margin")]
            expect(row).to_have_attribute("data-testid", f"account-{account['account_id']}")
            expect(row.locator("td")).to_have_text([*amounts, *margins])
    assert parse_qs(urlparse(page.url).query) == {"period": [code]}


def test_the_curve_draws_every_account_and_marks_the_new_ones(watched, periods):
    for code in ("FY2024", "T12M"):
        page = watched.open(f"{PROFIT}?period={code}")
        expect(page.get_by_test_id("choice-period")).to_have_value(code)
        expect_answer(page, periods[code])
        for chart in page.locator("figure").all():
            expect(chart.locator("svg circle")).to_have_count(periods[code]["accounts_count"])
            expect(chart.locator("svg circle.new")).to_have_count(
                periods[code]["new_accounts_count"]
            )


def test_an_account_shows_its_statement_beside_the_year_before_and_all_accounts(watched, marts):
    accounts = marts.ask(
        """
        select account_id, profit_amount, profit_rank, accounts_count, revenue_rank, currency
        from {rpt_whale_curve}
        where period_code = 'T12M'
        order by profit_rank
        """
    )
    page = watched.open(PROFIT)
    for account in ({"account_id": "all"}, accounts[0], accounts[-1]):
        key = account["account_id"]
        choose(page, "account", key)
        lines = marts.ask(
            """
            select * from {rpt_account_profit_lines}
            where period_code = 'T12M' and account_id = ?
            order by line_no
            """,
            key,
        )
        assert len(lines) > 10
        rows = page.get_by_test_id("statement").locator("tbody tr")
        expect(rows).to_have_count(len(lines))
        if key != "all":
            expect(page.get_by_test_id("answer-account")).to_have_text(
                money(abs(account["profit_amount"]), account["currency"])
            )
            expect(page.get_by_test_id("answer")).to_contain_text(
                f"place {account['profit_rank']} of {account['accounts_count']} by profit,"
                f" {account['revenue_rank']} by revenue"
            )
        for row, line in zip(rows.all(), lines, strict=True):
            expect(row.get_by_test_id("amount")).to_have_text(amount(line["amount"]))
            expect(row.get_by_test_id("share")).to_have_text(share(line["revenue_share"]))
            expect(row.get_by_test_id("before")).to_have_text(share(line["prior_revenue_share"]))
            if key != "all":
                expect(row.get_by_test_id("elsewhere")).to_have_text(
                    share(line["all_revenue_share"])
                )
    assert parse_qs(urlparse(page.url).query) == {"account": [accounts[-1]["account_id"]]}


def test_a_link_of_the_table_leads_to_the_accounts_statement_of_the_same_period(
    watched, marts, periods
):
    [first] = marts.ask(
        """
        select curve.account_id, any_value(accounts.name) as name
        from {rpt_whale_curve} as curve
        inner join {dim_accounts} as accounts
            on curve.account_id = accounts.account_id and accounts.is_current
        where curve.period_code = 'FY2025' and curve.profit_rank = 1
        group by curve.account_id
        """
    )
    page = watched.open(f"{PROFIT}?period=FY2025")
    expect_answer(page, periods["FY2025"])
    watched.is_leaving = True
    page.get_by_test_id(f"account-{first['account_id']}").get_by_role("link").click()
    expect(page.get_by_test_id("choice-account")).to_have_value(first["account_id"])
    watched.is_leaving = False
    expect(page.get_by_test_id("choice-period")).to_have_value("FY2025")
    expect(page.locator("#statement")).to_contain_text(f"At {first['name']}")


def test_accounts_held_back_are_listed_with_the_reason(watched, marts, periods):
    page = watched.open(PROFIT)
    for code, period in periods.items():
        choose(page, "period", code)
        expect_answer(page, period)
        held = marts.ask(
            """
            select months.account_id, count(*) as months_count
            from {rpt_account_profitability} as months
            inner join {rpt_concentration} as periods
                on months.month between periods.period_start and periods.counted_until_date
            where not months.is_supplied and months.account_id <> 'unknown'
                and periods.period_code = ?
            group by months.account_id
            """,
            code,
        )
        assert len(held) == period["held_accounts_count"]
        if not held:
            expect(page.locator("#held")).to_have_text("No account is held back")
        for account in held:
            row = page.get_by_test_id(f"held-{account['account_id']}")
            expect(row.locator("td").first).to_have_text(count(account["months_count"]))
            expect(row.locator("td").last).not_to_have_text(MISSING)


def test_the_built_page_carries_its_answer_before_any_script_runs(demo_release, periods):
    built = (demo_release / f"site{PROFIT}index.html").read_text()
    period = periods["T12M"]
    assert f"{period['peak_rank']} of {period['accounts_count']} accounts<" in built
    assert money(period["peak_profit_amount"], period["currency"]) in built
