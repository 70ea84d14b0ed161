"""The pages of renewals: their numbers are the marts', and a case is printed on two sheets."""

import json
import re
from urllib.parse import parse_qs, urlparse

import duckdb
import pytest
from playwright.sync_api import Page, expect
from site_browser import MINUS, MISSING, amount, choose, count, money, number, percent, watching
from test_site_chain import changed

from orchestration.settings import PROJECT_DIR

RENEWALS = "/will-they-renew-and-why/"
CASE = "/the-renewal-case/"
BANDS = {"green": "green", "amber": "amber", "red": "red", "unknown": "not known"}
PARTS = ("arr", "red", "amber", "unknown", "green", "decided")
LINES = {
    "opening": "opening_arr_amount",
    "new": "new_amount",
    "reactivation": "reactivation_amount",
    "expansion": "expansion_amount",
    "contraction": "contraction_amount",
    "churn": "churn_amount",
    "fx": "fx_amount",
    "closing": "closing_arr_amount",
}
RATES = {"renewal": "renewal_rate", "grr": "grr", "nrr": "nrr", "logo": "logo_retention_rate"}


def short(value) -> str:
    """Money without its currency."""
    return money(value, "").strip() if value is not None else MISSING


def signed(value, decimals: int = 1) -> str:
    if value is None:
        return MISSING
    size = number(abs(value), decimals)
    return size if float(size) == 0 else f"{MINUS if value < 0 else '+'}{size}"


def expected(row: dict) -> str:
    low, high = short(row["expected_low_amount"]), short(row["expected_high_amount"])
    return f"{short(row['expected_amount'])} ({low} to {high})"


def reads(name: str) -> str:
    """A name as a browser shows it: runs of spaces are one."""
    return " ".join(name.split())


@pytest.fixture(scope="module")
def now(marts, as_of) -> list[dict]:
    """The accounts of the newest month, in the order of the page."""
    return marts.ask(
        """
        select health.*, coalesce(accounts.name, health.account_id) as account_name,
            health.ends_on - cast(? as date) as days_to_end
        from {rpt_renewal_health} as health
        left join {dim_accounts} as accounts
            on health.account_id = accounts.account_id and accounts.is_current
        where health.month = (select max(month) from {rpt_renewal_health})
        order by health.is_decided, days_to_end nulls last, account_name, health.account_id
        """,
        as_of,
    )


@pytest.fixture(scope="module")
def cases(marts) -> list[dict]:
    """The open cases, what ends next first."""
    return marts.ask(
        """
        select cases.*, coalesce(accounts.name, cases.account_id) as account_name
        from {rpt_renewal_cases} as cases
        left join {dim_accounts} as accounts
            on cases.account_id = accounts.account_id and accounts.is_current
        order by cases.is_decided, cases.days_to_end, account_name, cases.contract_id
        """
    )


@pytest.fixture(scope="module")
def as_of(demo_release) -> str:
    return json.loads((demo_release / "manifest.json").read_text())["as_of_date"]


def page_query(name: str) -> str:
    """The text of a query of the page."""
    page = (PROJECT_DIR / "reports" / "pages" / f"{RENEWALS.strip('/')}.md").read_text()
    [text] = re.findall(rf"```sql {name}\n(.*?)```", page, re.DOTALL)
    return text


def test_in_the_middle_of_a_month_days_and_decisions_are_of_that_day():
    """Health is of 30 June: one contract has ended since, one was decided, one ends next."""
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema mart;
            create table mart.release as select '2026-07-20' as as_of_date;
            create table mart.rpt_renewal_health as
            select account_id, account_id as account_name, '2026-06-01' as month,
                contract_id, ends_on, days_to_renewal, is_decided, decision
            from (values
                ('none', null, null, null, false, null),
                ('decided since', 'c-1', '2026-07-31', 31, false, null),
                ('ends next', 'c-2', '2026-08-01', 32, false, null),
                ('ended since', 'c-3', '2026-07-14', 14, false, null),
                ('decided before', 'c-4', '2026-07-25', 25, true, 'churned')
            ) as t(account_id, contract_id, ends_on, days_to_renewal, is_decided, decision);
            create table mart.rpt_renewal_cases as
            select * from (values
                ('c-1', true, 'renewed'), ('c-2', false, null), ('c-4', true, 'churned')
            ) as t(contract_id, is_decided, decision);
            """
        )
        shown = connection.execute(
            f"""
            select account_id, days_to_end, is_decided, decision, has_case
            from ({page_query("accounts_now")})
            order by place
            """
        ).fetchall()
    assert shown == [
        ("ended since", -6, False, None, False),
        ("ends next", 12, False, None, True),
        ("none", None, False, None, False),
        ("decided before", 5, True, "churned", True),
        ("decided since", 11, True, "renewed", True),
    ]


def test_the_windows_offered_are_those_there_are():
    """Whose contracts are young has no twelve months: the longest there is comes first."""
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema mart;
            create table mart.rpt_revenue_retention as
            select unnest([1.0, 3.0, 1.0]) as window_months
            """
        )
        labels = connection.execute(f"select label from ({page_query('windows')})").fetchall()
    assert labels == [("Three months",), ("One month",)]


def test_the_first_sentence_says_what_ends_and_what_is_expected_to_renew(watched, marts):
    page = watched.open(RENEWALS)
    segments = marts.ask(
        """
        select * from {rpt_renewal_outlook}
        where horizon = 'next_12_months' and contracts_count > 0
        order by segment
        """
    )
    assert segments[0]["segment"] == "all"
    for row in segments:
        choose(page, "segment", row["segment"])
        answer = page.get_by_test_id("answer")
        expect(answer).to_contain_text(f" {count(row['contracts_count'])} contract")
        expect(answer.get_by_test_id("answer-arr")).to_have_text(
            money(row["arr_amount"], row["currency"])
        )
        for part in ("red", "amber", "green"):
            expect(answer.get_by_test_id(f"answer-{part}")).to_have_text(
                short(row[f"{part}_amount"])
            )
        if row["expected_amount"] is not None:
            expect(answer.get_by_test_id("answer-expected")).to_have_text(expected(row))
        [window] = marts.ask(
            """
            select * from {rpt_revenue_retention} where segment = ? and window_months = 12
            order by window_end desc
            limit 1
            """,
            row["segment"],
        )
        if window["renewal_rate"] is not None:
            expect(answer.get_by_test_id("answer-renewed")).to_have_text(
                percent(window["renewal_rate"], 0)
            )
    assert parse_qs(urlparse(page.url).query) == {"segment": [row["segment"]]}


def test_every_month_shows_what_ends_and_what_is_expected_to_renew(watched, marts, as_of):
    page = watched.open(RENEWALS)
    months = marts.ask(
        """
        select * from {rpt_renewal_outlook}
        where horizon = 'month' and segment = 'all'
            and month <= cast(? as date) + interval 12 month
        """,
        as_of,
    )
    assert months
    page.get_by_text("The numbers behind the picture").click()
    for row in months:
        shown = page.get_by_test_id(f"outlook-{row['month']}")
        for part in PARTS:
            expect(shown.get_by_test_id(part)).to_have_text(short(row[f"{part}_amount"]))
        said = "not predicted" if row["expected_amount"] is None else expected(row)
        expect(shown.get_by_test_id("expected")).to_have_text(said)
    undecided = [row for row in months if row["arr_amount"] > row["decided_amount"]]
    predicted = [row for row in undecided if row["expected_amount"] is not None]
    expect(page.get_by_test_id("outlook-chart").locator("figure circle")).to_have_count(
        len(predicted)
    )


def expect_window(page: Page, here: dict, before: dict | None) -> None:
    """Check the bridge and the rates of a window, and that the lines on the page close it."""
    expect(page.get_by_test_id("retention")).to_contain_text(
        f"to {here['window_end'].day} {here['window_end']:%B %Y}"
    )
    for line, column in LINES.items():
        sign = -1 if line in ("contraction", "churn") else 1
        row = page.get_by_test_id(f"bridge-{line}")
        expect(row.get_by_test_id("amount")).to_have_text(amount(sign * here[column]))
        if before:
            expect(row.get_by_test_id("before")).to_have_text(amount(sign * before[column]))
    for rate, column in RATES.items():
        row = page.get_by_test_id(f"rate-{rate}")
        expect(row.get_by_test_id("rate")).to_contain_text(percent(here[column]))
        expect(row.get_by_test_id("before")).to_have_text(
            percent(before[column] if before else None)
        )
    # of money: the contracts beside it are named as another count, the accounts are the rate's own
    decided = here["up_for_renewal_contracts_count"] - here["undecided_contracts_count"]
    expect(page.get_by_test_id("rate-renewal").get_by_test_id("says")).to_contain_text(
        f"; by number {count(here['renewed_contracts_count'])} of {count(decided)} decided contract"
    )
    expect(page.get_by_test_id("rate-logo").get_by_test_id("says")).to_contain_text(
        f": {count(here['retained_accounts_count'])} of {count(here['opening_accounts_count'])} "
    )


def test_the_bridge_of_each_window_is_that_of_the_mart(watched, marts):
    page = watched.open(RENEWALS)
    windows = marts.ask(
        "select * from {rpt_revenue_retention} where segment = 'all' and is_supplied"
    )
    by_key = {(row["window_months"], row["window_end"]): row for row in windows}
    ends = sorted({end for _, end in by_key}, reverse=True)
    for months, end in [(12, ends[0]), (3, ends[0]), (1, ends[0]), (1, ends[2])]:
        choose(page, "months", "all" if months == 12 else str(months))
        choose(page, "end", "all" if end == ends[0] else str(end))
        year_before = [
            row
            for (length, before_end), row in by_key.items()
            if length == months and (before_end.year, before_end.month) == (end.year - 1, end.month)
        ]
        expect_window(page, by_key[months, end], year_before[0] if year_before else None)
    assert parse_qs(urlparse(page.url).query) == {"months": ["1"], "end": [str(ends[2])]}


def test_every_account_stands_in_the_list_with_its_health_and_its_probability(watched, now):
    page = watched.open(RENEWALS)
    rows = page.get_by_test_id("accounts").locator("tbody tr")
    expect(rows).to_have_count(len(now))
    expect(rows.locator("th")).to_have_text([reads(row["account_name"]) for row in now])
    for row in now:
        shown = page.get_by_test_id(f"account-{row['account_id']}")
        expect(shown.get_by_test_id("days")).to_have_text(count(row["days_to_end"]))
        expect(shown.get_by_test_id("value")).to_have_text(short(row["arr_amount"]))
        expect(shown.get_by_test_id("band")).to_contain_text(BANDS[row["band"]])
        if row["health_score"] is not None:
            expect(shown.get_by_test_id("health")).to_contain_text(number(row["health_score"], 1))
        expect(shown.get_by_test_id("coverage")).to_have_text(percent(row["coverage_share"], 0))
        renews = shown.get_by_test_id("renews")
        if row["is_decided"]:
            expect(renews).to_have_text(f"decided: {row['decision']}")
        elif row["renewal_probability"] is None:
            expect(renews).to_contain_text("no probability")
        else:
            expect(renews).to_have_text(
                f"{percent(row['renewal_probability'], 0)} {row['probability_basis']}"
            )


def test_the_contributions_of_an_account_are_the_marts_and_end_at_its_health(watched, marts, now):
    page = watched.open(RENEWALS)
    scored = sorted(
        (row for row in now if row["health_score"] is not None),
        key=lambda row: row["health_score"],
    )
    silent = [row for row in now if row["health_score"] is None][:1]
    looked_at = [now[0], scored[0], scored[-1], *silent]
    for row in looked_at:
        choose(page, "account", row["account_id"])
        expect(page.locator("#why")).to_contain_text(reads(row["account_name"]))
        components = marts.ask(
            "select * from {rpt_health_components} where account_id = ? and month = ?",
            row["account_id"],
            row["month"],
        )
        assert len(components) == 9
        for component in components:
            shown = page.get_by_test_id(f"component-{component['component_code']}")
            if not component["is_supplied"]:
                expect(shown.get_by_test_id("reason")).to_have_text(component["reason"])
                continue
            expect(shown.get_by_test_id("score")).to_have_text(number(component["score"], 1))
            expect(shown.get_by_test_id("contribution")).to_have_text(
                signed(component["contribution"])
            )
            expect(shown).to_contain_text(f"grade {component['evidence_grade']}")
        history = marts.ask(
            "select * from {rpt_renewal_health} where account_id = ? and health_score is not null",
            row["account_id"],
        )
        if row["health_score"] is None:
            expect(page.get_by_test_id("component-health")).to_have_count(0)
            continue
        for name, score in (("health", "health_score"), ("reference", "reference_score")):
            expect(page.get_by_test_id(f"component-{name}").get_by_test_id("level")).to_have_text(
                number(row[score], 1)
            )
        gap = row["health_score"] - row["reference_score"]
        assert gap == sum(each["contribution"] or 0 for each in components)
        expect(page.get_by_test_id("component-health").get_by_test_id("gap")).to_contain_text(
            number(abs(gap), 1)
        )
        expect(page.get_by_test_id("why").get_by_test_id("own-health")).to_have_text(
            number(row["health_score"], 1)
        )
        marks = page.get_by_test_id("health-chart").locator("figure .mark")
        expect(marks).to_have_count(len(history))
        if row["top_risk"]:
            expect(page.get_by_test_id("own-risk")).to_have_text(
                row["top_risk"][0].lower() + row["top_risk"][1:]
            )
    assert parse_qs(urlparse(page.url).query) == {"account": [row["account_id"]]}


def test_without_an_exchange_rate_or_a_contract_that_ends_no_zero_is_said(
    demo_release, browser, tmp_path
):
    """Amounts are missing where a rate is; of the first segment nothing ends within a year."""
    change = f"""
        update rpt_renewal_outlook
        set {", ".join(f"{part}_amount = null" for part in PARTS)}, expected_amount = null,
            expected_low_amount = null, expected_high_amount = null;
        delete from rpt_renewal_outlook
        where segment = (select min(segment) from rpt_revenue_retention where segment <> 'all')
    """
    not_known = "what they are worth is not known, for an exchange rate is missing"
    with changed(demo_release, tmp_path, change) as base, watching(browser, base) as watched:
        page = watched.open(RENEWALS)
        answer = page.get_by_test_id("answer")
        expect(answer).to_contain_text(not_known)
        expect(page.locator("#outlook")).to_have_text("What of it is at risk is not known")
        segment = page.get_by_test_id("choice-segment").locator("option").nth(1).inner_text()
        choose(page, "segment", segment)
        expect(answer).to_have_text(
            f"No contract of segment {segment} ends in the next twelve months."
        )
        page = watched.open("/")
        expect(page.get_by_test_id("kept")).to_contain_text(not_known)


def test_a_case_shows_its_evidence_what_is_missing_and_who_acts(watched, marts, cases):
    page = watched.open(CASE)
    for case in [cases[0], cases[len(cases) // 2], cases[-1]]:
        choose(page, "contract", case["contract_id"])
        answer = page.get_by_test_id("answer")
        expect(answer.get_by_test_id("account")).to_have_text(reads(case["account_name"]))
        expect(answer.get_by_test_id("value")).to_have_text(
            money(case["annual_value_amount"], case["currency"])
        )
        if case["is_decided"]:
            expect(answer.get_by_test_id("decision")).to_have_text(case["decision"])
        else:
            expect(answer.get_by_test_id("health")).to_contain_text(BANDS[case["band"]])
            if case["renewal_probability"] is not None:
                expect(answer.get_by_test_id("probability")).to_have_text(
                    percent(case["renewal_probability"], 0)
                )
        evidence = marts.ask(
            """
            select evidence.*, functions.title as function_title
            from {rpt_renewal_evidence} as evidence
            left join {dim_functions} as functions
                on evidence.function_code = functions.function_code
            where evidence.contract_id = ?
            """,
            case["contract_id"],
        )
        for row in evidence:
            shown = page.get_by_test_id(f"evidence-{row['component_code']}")
            expect(shown.get_by_test_id("score")).to_have_text(number(row["score"], 1))
            expect(shown.get_by_test_id("missing")).to_have_text(
                row["what_is_missing"] or "nothing"
            )
            if row["evidence_grade"]:
                expect(shown).to_contain_text(f"grade {row['evidence_grade']}")
            if row["action"] and not case["is_decided"]:
                action = page.get_by_test_id(f"action-{row['component_code']}")
                expect(action).to_contain_text(row["action"])
                expect(action.get_by_test_id("owner")).to_have_text(row["function_title"])
        for name in ("explain_score", "defend_score", "expand_score"):
            said = "not supplied" if case[name] is None else number(case[name], 0)
            expect(page.get_by_test_id(f"score-{name}").get_by_test_id("score")).to_have_text(said)


def sheets(page: Page) -> int:
    """How many sheets of A4 the page makes when it is printed."""
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b", printed))


def test_every_case_is_printed_on_two_sheets_at_most(watched, cases):
    page = watched.open(CASE)
    for case in cases:
        choose(page, "contract", case["contract_id"])
        expect(page.get_by_test_id("answer").get_by_test_id("account")).to_have_text(
            reads(case["account_name"])
        )
        expect(page.get_by_role("status").filter(has_text="Reading")).to_have_count(0)
        assert 1 <= sheets(page) <= 2, case["contract_id"]
