"""The page of workforce outcomes: its numbers are the marts', and no small group leaves for it."""

from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import parse_qs, urlparse

import duckdb
import pytest
from playwright.sync_api import expect
from site_browser import MINUS, MISSING, OUTCOMES, choose, count, number, percent

from orchestration.site_tables import TABLES

STAYED = "retained_12m_voluntary"
ABSENCE = "absence_hours_12m"
VERBS = {STAYED: "stay", "promoted_12m": "are promoted", "moved_12m": "move"}


def difference(value: float | None, unit: str) -> str:
    """Write a difference as the page does: with its sign, in points or hours, one decimal."""
    if value is None:
        return MISSING
    scaled = abs(value) * 100 if unit == "share" else abs(value / 100) * 100
    size = str(Decimal(scaled).quantize(Decimal("0.1"), ROUND_HALF_UP))
    return size if size == "0.0" else f"{MINUS if value < 0 else '+'}{size}"


def with_interval(value: float, low: float, high: float, unit: str) -> str:
    low, high = difference(low, unit), difference(high, unit)
    return f"{difference(value, unit)} ({low} to {high})"


def verdict(row: dict) -> str:
    """What the interval says of a difference, in the words of the page."""
    verb = VERBS[row["outcome_code"]]
    if row["ci_low"] > 0:
        return f"They {verb} more"
    if row["ci_high"] < 0:
        return f"They {verb} less"
    return f"Whether they {verb} more or less, the data cannot tell"


def sentence(row: dict) -> str:
    numbers = with_interval(row["adjusted_difference"], row["ci_low"], row["ci_high"], "share")
    first, interval = numbers.split(" (")
    return f"{first} percentage points ({interval[:-1]}; grade {row['evidence_grade']})"


@pytest.fixture(scope="module")
def outcomes(marts) -> dict[tuple[str, str], dict]:
    """By account and outcome, what the mart says of all strata together."""
    rows = marts.ask(
        "select * from {rpt_workforce_outcomes} where stratum = 'all' and account_id <> 'unknown'"
    )
    return {(row["account_id"], row["outcome_code"]): row for row in rows}


@pytest.fixture(scope="module")
def accounts(outcomes) -> list[str]:
    """All accounts together, two that can be estimated and one that cannot."""
    stayed = [row for (_, outcome), row in sorted(outcomes.items()) if outcome == STAYED]
    able = [row["account_id"] for row in stayed if row["is_estimable"]]
    unable = [row["account_id"] for row in stayed if not row["is_estimable"]]
    return ["all", *[account for account in able if account != "all"][:2], unable[0]]


@pytest.fixture(scope="module")
def exported(demo_release):
    """The data that left for the pages."""
    with duckdb.connect() as connection:
        [path] = (demo_release / "site/data").rglob("mart.duckdb")
        connection.execute(f"attach '{path}' as site (read_only)")
        yield connection


def test_the_first_sentence_answers_with_difference_interval_and_grade(watched, outcomes, accounts):
    page = watched.open(OUTCOMES)
    for account in accounts:
        choose(page, "account", account)
        stay = outcomes[account, STAYED]
        if not stay["is_estimable"]:
            expect(page.get_by_test_id("not-estimable")).to_contain_text(stay["reason"])
            expect(page.get_by_test_id("answer-difference")).to_have_count(0)
            continue
        expect(page.get_by_test_id("answer-difference")).to_have_text(sentence(stay))
        expect(page.get_by_test_id(f"verdict-{STAYED}")).to_have_text(verdict(stay))
        answer = page.get_by_test_id("answer").locator("p").first
        expect(answer).to_contain_text(f"{count(stay['matched_count'])} participants")
        for name in ("participants", "colleagues"):
            rate = stay["treated_rate" if name == "participants" else "comparison_rate"]
            expect(page.get_by_test_id(f"answer-{name}")).to_have_text(percent(rate))
        for outcome in ("promoted_12m", "moved_12m"):
            row = outcomes[account, outcome]
            if row["is_estimable"]:
                said = page.get_by_test_id(f"answer-{outcome}")
                expect(said).to_contain_text(verdict(row))
                expect(said).to_contain_text(sentence(row))


def test_every_outcome_has_its_interval_its_grade_and_its_neighbour(watched, outcomes, accounts):
    page = watched.open(OUTCOMES)
    for account in accounts[:3]:
        choose(page, "account", account)
        for (of, outcome), row in outcomes.items():
            if of != account:
                continue
            shown = page.get_by_test_id(f"outcome-{outcome}")
            if not row["is_estimable"]:
                expect(shown.get_by_test_id("difference")).to_have_text("not estimable")
                expect(shown.locator("th")).to_contain_text(row["reason"])
                continue
            unit = row["unit"]
            numbers = [row[f"{name}"] for name in ("adjusted_difference", "ci_low", "ci_high")]
            expect(shown.get_by_test_id("difference")).to_have_text(with_interval(*numbers, unit))
            protocol = [row[f"protocol_{name}"] for name in ("difference", "ci_low", "ci_high")]
            expect(shown.get_by_test_id("second")).to_have_text(with_interval(*protocol, unit))
            expect(shown.get_by_test_id("grade")).to_have_text(row["evidence_grade"])


@pytest.mark.parametrize("outcome", [STAYED, "promoted_12m", ABSENCE])
def test_each_account_has_its_difference_or_the_reason_why_not(watched, outcomes, outcome):
    page = watched.open(f"{OUTCOMES}?outcome={outcome}")
    rows = [row for (_, of), row in outcomes.items() if of == outcome]
    able = [row for row in rows if row["is_estimable"]]
    listed = page.get_by_test_id("account").locator("tbody tr[data-testid]")
    expect(listed).to_have_count(len(able))
    page.get_by_text("of which it cannot be told").click()
    for row in rows:
        if row["is_estimable"]:
            shown = page.get_by_test_id(f"account-{row['account_id']}")
            numbers = [row[name] for name in ("adjusted_difference", "ci_low", "ci_high")]
            expect(shown.get_by_test_id("difference")).to_have_text(
                with_interval(*numbers, row["unit"])
            )
        elif row["account_id"] != "all":
            shown = page.get_by_test_id(f"left-out-{row['account_id']}")
            expect(shown).to_contain_text(row["reason"])
    better = [
        row
        for row in able
        if row["account_id"] != "all"
        and (row["ci_low"] > 0 if row["better"] == "higher" else row["ci_high"] < 0)
    ]
    expect(page.locator("#accounts")).to_contain_text(
        f"At {len(better) or 'none'} of {len(able) - 1} accounts"
    )


def test_three_comparisons_say_what_time_and_sorting_pretend(watched, outcomes, accounts):
    page = watched.open(OUTCOMES)
    told = (STAYED, "promoted_12m")
    able = [a for a in accounts if all(outcomes[a, of]["is_estimable"] for of in told)]
    for outcome in told:
        choose(page, "outcome", outcome)
        for account in able:
            choose(page, "account", account)
            row = outcomes[account, outcome]
            for step in ("naive", "crude", "adjusted"):
                shown = page.get_by_test_id(f"step-{step}").get_by_test_id("difference")
                expect(shown).to_contain_text(difference(row[f"{step}_difference"], "share"))
        # The demo tenant is drawn so: time and sorting flatter whoever enrolls.
        row = outcomes["all", outcome]
        assert row["naive_difference"] > row["crude_difference"] > row["adjusted_difference"]
    asked = parse_qs(urlparse(page.url).query)
    assert asked == {"outcome": ["promoted_12m"], "account": [able[-1]]}
    unable = next(a for a in accounts if not outcomes[a, STAYED]["is_estimable"])
    choose(page, "account", unable)
    expect(page.locator("#naive")).to_contain_text("cannot be estimated")


def test_the_balance_is_drawn_before_and_after(watched, marts, exported, outcomes):
    page = watched.open(OUTCOMES)
    rows = exported.execute(
        """
        select covariate_code, category_code, difference_before, difference_after,
            is_control
        from site.rpt_workforce_balance
        where account_id = 'all' and category_code <> 'no'
        """
    ).fetchall()
    drawn = {row[:2] for row in rows}
    matched = marts.ask(
        """
        select * from {rpt_workforce_balance}
        where account_id = 'all' and is_matched_on and treated_value >= 0.01
            and category_code <> 'no'
        """
    )
    assert {(row["covariate_code"], row["category_code"]) for row in matched} <= drawn
    plot = page.locator("figure", has_text="Difference in standard deviations")
    for name in ("before", "after"):
        expect(plot.locator(f"circle.{name}")).to_have_count(len(rows))
    row = outcomes["all", STAYED]
    before, after = (max(abs(each[place]) for each in rows if not each[-1]) for place in (2, 3))
    expect(page.locator("#alike")).to_have_text(
        f"Matched, the two groups differ by at most {number(after)} standard deviations;"
        f" before, by up to {number(before)}"
    )
    assert after >= row["max_standardized_difference"] - 1e-9
    expect(page.get_by_test_id("alike")).to_contain_text(
        f"{count(row['matched_count'])} of {count(row['treated_count'])} participants"
    )


def test_groups_are_the_marts_and_their_difference_is_held_against_chance(watched, marts):
    page = watched.open(OUTCOMES)
    for covariate in ("job_level", "tenure"):
        choose(page, "covariate", covariate)
        rows = marts.ask(
            """
            select * from {rpt_workforce_subgroups}
            where account_id = 'all' and outcome_code = ? and covariate_code = ? and is_estimable
            """,
            STAYED,
            covariate,
        )
        assert rows
        for row in rows:
            shown = page.get_by_test_id(f"group-{row['category_code']}")
            numbers = [row[name] for name in ("adjusted_difference", "ci_low", "ci_high")]
            expect(shown.get_by_test_id("difference")).to_have_text(
                with_interval(*numbers, "share")
            )
        expect(page.get_by_test_id("heterogeneity")).to_contain_text(
            f"by chance {percent(rows[0]['heterogeneity_p'], 0)} of the time"
        )


def test_a_difference_that_may_be_zero_is_never_called_no_effect(watched, outcomes, accounts):
    page = watched.open(OUTCOMES)
    for account in accounts:
        choose(page, "account", account)
        open_ones = [
            row
            for (of, outcome), row in outcomes.items()
            if of == account and outcome in VERBS and row["is_estimable"]
            and row["ci_low"] <= 0 <= row["ci_high"]
        ]  # fmt: skip
        for row in open_ones:
            expect(page.get_by_test_id("answer")).to_contain_text(verdict(row))
        said = page.locator("article").inner_text().lower()
        assert "no effect" not in said
        assert "significant" not in said


def test_what_would_change_our_mind_has_its_numbers(watched, outcomes):
    page = watched.open(OUTCOMES)
    row = outcomes["all", STAYED]
    expect(page.get_by_test_id("e-value")).to_contain_text(f"at least {number(row['e_value'])}")
    expect(page.get_by_test_id("grade-why")).to_contain_text(f"Grade {row['evidence_grade']}")


def test_no_group_of_fewer_than_ten_people_leaves_for_the_page(exported, outcomes):
    [(least,)] = exported.execute(
        "select min(least(treated_count, comparison_worker_count))"
        " from site.rpt_workforce_subgroups"
    ).fetchall()
    assert least >= 10
    small = {
        row["account_id"]
        for row in outcomes.values()
        if row["treated_count"] is not None and row["treated_count"] < 10
    }
    assert small
    rows = exported.execute(
        "select account_id, treated_count, naive_difference, reason"
        " from site.rpt_workforce_outcomes"
    ).fetchall()
    told = [row for row in rows if row[0] in small]
    assert told
    assert all(row[1:3] == (None, None) and row[3] for row in told)
    balanced = exported.execute("select distinct account_id from site.rpt_workforce_balance")
    assert not small & {account for (account,) in balanced.fetchall()}


def test_a_small_group_cannot_be_told_from_the_rest():
    groups = """(
        select category_code as workforce_subgroup_key, 'acc-1' as account_id,
            'promoted_12m' as outcome_code, covariate_code, category_code, 1 as category_order,
            cast(treated_count as bigint) as treated_count,
            cast(500 as bigint) as comparison_worker_count, null::varchar as reason_code
        from (values
            ('job_level', '1', 40), ('job_level', '2', 25), ('job_level', '3', 4),
            ('tenure', '1', 40), ('tenure', '2', 7), ('tenure', '3', 8), ('tenure', '4', 14),
            ('pay', '1', 40), ('pay', '2', 29)
        ) as t(covariate_code, category_code, treated_count)
    )"""
    query = TABLES["rpt_workforce_subgroups"].format(rpt_workforce_subgroups=groups)
    shown = duckdb.sql(query).fetchall()
    # Level 3 is small alone, so level 2 goes with it; the two small tenures hide each other.
    assert sorted(row[2:4] for row in shown) == [
        ("job_level", "1"), ("pay", "1"), ("pay", "2"), ("tenure", "1"), ("tenure", "4"),
    ]  # fmt: skip
