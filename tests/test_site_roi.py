"""The page of costs and benefits: its numbers are the marts', and a loss is called a loss."""

import re
from urllib.parse import parse_qs, urlparse

import duckdb
import pytest
from playwright.sync_api import Page, expect
from site_browser import MINUS, RETURN, amount, choose, count, money, number, percent

from orchestration.site_tables_employer import EMPLOYER_TABLES

SOURCES = {
    "finance_approved": "finance approved",
    "client_estimate": "own estimate",
    "benchmark": "benchmark",
}


def unsigned_zero(text: str) -> str:
    return re.sub(f"^{MINUS}(0(\\.0+)?%?)$", r"\1", text)


def share(value: float | None, decimals: int = 0) -> str:
    return unsigned_zero(percent(value, decimals).replace("-", MINUS))


def ratio(value: float | None) -> str:
    return unsigned_zero(number(value))


def short(value) -> str:
    """Money without its currency."""
    return money(value, "").strip()


def points(value: float) -> str:
    size = number(abs(value) * 100, 1)
    return size if size == "0.0" else (MINUS if value < 0 else "+") + size


def grade(letter: str) -> str:
    return f"grade {letter}"


@pytest.fixture(scope="module")
def returns(marts) -> dict[str, dict[str, dict]]:
    """By account ('all' too) of which anything is known, its low, base and high case."""
    found: dict[str, dict[str, dict]] = {}
    for row in marts.ask(
        """
        select * from {rpt_employer_roi}
        where account_id = 'all' or participants_count > 0 or cost_amount is not null
        order by account_id
        """
    ):
        found.setdefault(row["account_id"], {})[row["scenario"]] = row
    return found


@pytest.fixture(scope="module")
def looked_at(returns) -> list[str]:
    """All accounts together, the best and worst returns, and some accounts without one."""
    ranked = sorted(
        (account for account, cases in returns.items() if cases["base"]["is_estimable"]),
        key=lambda account: returns[account]["base"]["roi_rate"],
    )
    others = [account for account, cases in returns.items() if not cases["base"]["is_estimable"]]
    return list(dict.fromkeys(["all", *ranked[:2], *ranked[-2:], *others[:2], *others[-1:]]))


def expect_answer(page: Page, cases: dict[str, dict]) -> None:
    answer, base = page.get_by_test_id("answer"), cases["base"]
    if not base["is_estimable"]:
        expect(answer).to_contain_text("no return can be stated")
        expect(answer.get_by_test_id("answer-reason")).to_have_text(base["reason"])
        expect(answer.get_by_test_id("answer-roi")).to_have_count(0)
        return
    currency = base["currency"]
    for name, value in {
        "answer-cost": money(base["cost_amount"], currency),
        "answer-hidden": percent(base["hidden_cost_share"], 0),
        "answer-benefit": money(base["benefit_amount"], currency),
        "answer-bcr": ratio(base["bcr"]),
        "answer-roi": share(base["roi_rate"]),
        "answer-range": f"(low {share(cases['low']['roi_rate'])},"
        f" high {share(cases['high']['roi_rate'])})",
    }.items():
        expect(answer.get_by_test_id(name)).to_have_text(value)
    expect(answer).to_contain_text(grade(base["evidence_grade"]))
    expect(answer).to_contain_text(f"{count(base['participants_count'])} people who enrolled")
    low, high = (cases[case]["net_benefit_amount"] for case in ("low", "high"))
    verdict = page.get_by_test_id("verdict")
    if high < 0:
        expect(verdict).to_contain_text("It did not pay for itself")
        expect(verdict).to_contain_text(money(-base["net_benefit_amount"], currency))
    elif low >= 0:
        expect(verdict).to_contain_text("It paid for itself")
    else:
        expect(verdict).to_contain_text("is not known")
        expect(verdict).to_contain_text(f"{money(low, currency)} to {short(high)}")


def test_the_first_sentences_say_what_came_back_or_why_nobody_can_say(watched, returns, looked_at):
    page = watched.open(RETURN)
    for account in looked_at:
        choose(page, "account", account)
        expect_answer(page, returns[account])
    assert account != "all"
    assert parse_qs(urlparse(page.url).query) == {"account": [account]}


def test_the_lines_add_up_to_the_net_benefit_and_say_whose_number_they_are(
    watched, marts, returns, looked_at
):
    page = watched.open(RETURN)
    for account in looked_at:
        choose(page, "account", account)
        expect_answer(page, returns[account])
        base, net = returns[account]["base"], 0
        lines = marts.ask(
            """
            select base.*, low.amount as low_amount, high.amount as high_amount
            from {rpt_roi_lines} as base
            inner join {rpt_roi_lines} as low
                on base.account_id = low.account_id and base.line_code = low.line_code
                and low.scenario = 'low'
            inner join {rpt_roi_lines} as high
                on base.account_id = high.account_id and base.line_code = high.line_code
                and high.scenario = 'high'
            where base.account_id = ? and base.scenario = 'base'
            order by base.line_order
            """,
            account,
        )
        assert {line["line_type"] for line in lines} == {"benefit", "cost"}
        for line in lines:
            row = page.get_by_test_id(f"line-{line['line_code']}")
            if line["line_type"] == "benefit" and not base["is_estimable"]:
                expect(row).to_have_count(0)
                continue
            if not line["is_supplied"]:
                expect(row.get_by_test_id("amount")).to_have_text("\N{EN DASH}")
                expect(row.get_by_test_id("reason")).not_to_have_text("")
                continue
            value = -line["amount"] if line["line_type"] == "cost" else line["amount"]
            net += value
            expect(row.get_by_test_id("amount")).to_have_text(amount(value))
            if line["low_amount"] != line["high_amount"]:
                expect(row.get_by_test_id("span")).to_have_text(
                    f"{short(line['low_amount'])} to {short(line['high_amount'])}"
                )
            if line["value_source"]:
                expect(row.get_by_test_id("source")).to_contain_text(SOURCES[line["value_source"]])
            if line["evidence_grade"]:
                expect(row.get_by_test_id("source")).to_contain_text(grade(line["evidence_grade"]))
            expect(row.locator("small", has_text="hidden")).to_have_count(int(line["is_hidden"]))
        if base["is_estimable"]:
            assert net == base["net_benefit_amount"]
            expect(page.get_by_test_id("line-net").get_by_test_id("amount")).to_have_text(
                amount(net)
            )
        else:
            expect(page.get_by_test_id("line-net")).to_have_count(0)


def test_low_base_and_high_stand_beside_each_other_with_what_moves_them_most(
    watched, marts, returns, looked_at
):
    page = watched.open(RETURN)
    estimable = [account for account in looked_at if returns[account]["base"]["is_estimable"]]
    for account in estimable:
        choose(page, "account", account)
        expect_answer(page, returns[account])
        cases = [returns[account][case] for case in ("low", "base", "high")]
        for name, written in {
            "bcr": ratio,
            "roi_rate": share,
            "benefit_amount": amount,
            "net_benefit_amount": amount,
            "npv_amount": amount,
        }.items():
            expect(page.get_by_test_id(f"scenario-{name}").locator("td")).to_have_text(
                [written(case[name]) for case in cases]
            )
        swings = marts.ask(
            """
            select parameter_code, min(swing_rank) as swing_rank,
                max(benefit_amount) filter (where setting = 'low') as low,
                max(benefit_amount) filter (where setting = 'high') as high
            from {rpt_roi_sensitivity}
            where account_id = ? and setting in ('low', 'high')
            group by parameter_code
            having low <> high
            order by swing_rank
            """,
            account,
        )
        widths = [abs(swing["high"] - swing["low"]) for swing in swings]
        assert widths == sorted(widths, reverse=True)
        rows = page.get_by_test_id("tornado").locator("tbody tr")
        expect(rows).to_have_count(len(swings))
        for row, swing in zip(rows.all(), swings, strict=True):
            expect(row).to_have_attribute("data-testid", f"swing-{swing['parameter_code']}")
            expect(row.get_by_test_id("low")).to_contain_text(short(swing["low"]))
            expect(row.get_by_test_id("high")).to_contain_text(short(swing["high"]))
        for row in marts.ask(
            """
            select * from {rpt_roi_sensitivity}
            where account_id = ? and parameter_code = 'sorting_share'
            """,
            account,
        ):
            cells = page.get_by_test_id(f"sorting-{row['setting']}").locator("td")
            expect(cells).to_have_text(
                [
                    short(row["benefit_amount"]),
                    ratio(row["bcr"]),
                    share(row["roi_rate"]),
                ]
            )


def test_what_would_have_to_be_found_stands_beside_what_was_found(
    watched, marts, returns, looked_at
):
    page = watched.open(RETURN)
    for account in looked_at:
        choose(page, "account", account)
        expect_answer(page, returns[account])
        base = returns[account]["base"]
        is_told = (base["participants_count"] or 0) >= 10
        needed = base["break_even_retention_difference"] if is_told else None
        plot = page.get_by_test_id("break-even-plot")
        if needed is None:
            expect(plot).to_have_count(0)
            continue
        row = page.get_by_test_id("break-even-plot-needed")
        expect(row.get_by_test_id("difference")).to_have_text(points(needed))
        found = marts.ask(
            """
            select scenario, difference from {rpt_roi_lines}
            where account_id = ? and line_code = 'turnover_avoided' and is_supplied
            """,
            account,
        )
        if found:
            cases = {case["scenario"]: case["difference"] for case in found}
            expect(page.get_by_test_id("break-even-plot-found")).to_contain_text(
                points(cases["base"])
            )
            said = page.get_by_test_id("break-even")
            if needed > cases["high"]:
                expect(said).to_contain_text("more than the high end of what was found")
            elif needed > cases["low"]:
                expect(said).to_contain_text("may or may not")
        if not base["is_estimable"]:
            continue
        payback = page.get_by_test_id("payback")
        if base["payback_months"] is None:
            expect(payback).to_contain_text("it does not")
        else:
            expect(payback).to_contain_text(f"{number(base['payback_months'], 1)} months after")
        expect(payback).to_contain_text(money(base["npv_amount"], base["currency"]))


def test_the_chain_shows_every_link_with_a_value_or_says_that_it_has_none(
    watched, marts, returns, looked_at
):
    page = watched.open(RETURN)
    for account in looked_at:
        choose(page, "account", account)
        expect_answer(page, returns[account])
        links = marts.ask(
            "select * from {rpt_roi_chain} where account_id = ? order by link_order", account
        )
        assert len(links) == 6
        supplied = [link for link in links if link["is_supplied"]]
        expect(page.locator("#chain")).to_contain_text(f"{len(supplied)} of 6 links")
        for link in links:
            row = page.get_by_test_id(f"link-{link['link_code']}")
            if not link["is_supplied"]:
                word = (
                    "estimable"
                    if link["link_code"] in ("workforce_outcomes", "roi")
                    else "supplied"
                )
                expect(row.get_by_test_id("value")).to_contain_text(f"not {word}")
                continue
            written = {"workforce_outcomes": points, "capability": number, "roi": share}.get(
                link["link_code"], lambda value: share(value, 1)
            )
            ends = [link[name] for name in ("ci_low", "ci_high")]
            between = " to ".join(written(end) for end in ends)
            expect(row.get_by_test_id("value")).to_have_text(
                f"{written(link['value'])} ({between})"
            )


def test_the_accounts_stand_in_order_of_their_return_and_lead_to_their_own_answer(watched, returns):
    page = watched.open(RETURN)
    accounts = {account: cases for account, cases in returns.items() if account != "all"}
    rows = page.get_by_test_id("accounts").locator("tbody tr")
    expect(rows).to_have_count(len(accounts))
    estimable = [cases for cases in accounts.values() if cases["base"]["is_estimable"]]
    estimable.sort(key=lambda cases: -cases["base"]["roi_rate"])
    paid = [cases for cases in estimable if cases["base"]["roi_rate"] > 0]
    expect(page.locator("#accounts")).to_contain_text(
        f"{len(paid) or 'None'} of {len(estimable)} account"
    )
    for row, cases in zip(rows.all(), estimable, strict=False):
        base = cases["base"]
        expect(row).to_have_attribute("data-testid", f"account-{base['account_id']}")
        expect(row.get_by_test_id("spent")).to_have_text(short(base["cost_amount"]))
        expect(row.get_by_test_id("hidden")).to_have_text(percent(base["hidden_cost_share"], 0))
        low, high = ratio(cases["low"]["bcr"]), ratio(cases["high"]["bcr"])
        expect(row.get_by_test_id("bcr")).to_have_text(f"{ratio(base['bcr'])} ({low} to {high})")
        expect(row.get_by_test_id("roi")).to_have_text(share(base["roi_rate"]))
        expect(row.get_by_test_id("grade")).to_have_text(grade(base["evidence_grade"]))
    for account, cases in accounts.items():
        if not cases["base"]["is_estimable"]:
            row = page.get_by_test_id(f"account-{account}")
            expect(row.get_by_test_id("reason")).not_to_have_text("")
    first = estimable[0]["base"]["account_id"]
    watched.is_leaving = True
    page.get_by_test_id(f"account-{first}").get_by_role("link").click()
    expect(page.get_by_test_id("choice-account")).to_have_value(first)
    watched.is_leaving = False
    expect_answer(page, returns[first])


def test_the_built_page_carries_its_answer_before_any_script_runs(demo_release, returns):
    built = (demo_release / f"site{RETURN}index.html").read_text()
    base = returns["all"]["base"]
    assert base["is_estimable"]
    assert f'data-testid="answer-roi">{share(base["roi_rate"])}<' in built
    assert f">{money(base['benefit_amount'], base['currency'])}<" in built


@pytest.mark.parametrize(("few", "told"), [(4, ["large"]), (40, ["all", "few", "large"])])
def test_what_few_people_earn_cannot_be_told_from_the_rest(few, told):
    """Where 4 of 64 are left out, the number of all together would give them away."""
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            create table returns as
            select 'a hash' as employer_roi_key, account_id, 'base' as scenario,
                participants_count, participants_count as pay_known_count, 0 as unlinked_count,
                90000 as cost_amount, 0.5 as break_even_retention_difference
            from (values ('large', 60), ('few', {few}), ('all', {60 + few}))
                as accounts(account_id, participants_count)
            """
        )
        connection.execute(
            "create table names as select 'large' as account_id, 'L' as name, true as is_current"
        )
        query = EMPLOYER_TABLES["rpt_employer_roi"]
        rows = connection.sql(query.format(rpt_employer_roi="returns", dim_accounts="names"))
        assert rows.count("account_id").fetchone() == (3,)
        known = rows.filter("break_even_retention_difference is not null")
        assert [row[0] for row in known.project("account_id").fetchall()] == told
        assert known.filter("participants_count is null").fetchall() == []
