"""The page of early signals: its numbers are the marts', and what is unproven is said so."""

from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect
from site_browser import SIGNALS, choose, percent, with_interval, with_range

VERDICTS = {"validated": "tells", "weak": "too weak to act on", "unproven": "unproven"}


def signals(marts, outcome: str, day: int) -> list[dict]:
    return marts.ask(
        "select * from {rpt_indicator_validity} where outcome_code = ? and cutoff_day = ?",
        outcome,
        day,
    )


def expect_signals(page: Page, rows: list[dict]) -> None:
    """Check the first sentence and every row of the table against the mart."""
    judged = [row for row in rows if row["is_estimable"]]
    validated = [row for row in judged if row["verdict"] == "validated"]
    if validated:
        expect(page.get_by_test_id("validated-count")).to_have_text(str(len(validated)))
        best = max(validated, key=lambda row: row["auc"])
        expect(page.get_by_test_id("answer-auc")).to_have_text(
            with_interval(best["auc"], best["auc_ci_low"], best["auc_ci_high"], 0)
        )
    for row in rows:
        shown = page.get_by_test_id(f"signal-{row['indicator_code']}")
        if not row["is_estimable"]:
            why = "too few to say" if row["is_supplied"] else "not supplied"
            expect(shown.get_by_test_id("verdict")).to_have_text(why)
            continue
        expect(shown.get_by_test_id("auc")).to_have_text(
            with_range(row["auc"], row["auc_ci_low"], row["auc_ci_high"])
        )
        expect(shown.get_by_test_id("lift")).to_have_text(
            with_range(row["lift"], row["lift_ci_low"], row["lift_ci_high"])
        )
        expect(shown.get_by_test_id("verdict")).to_have_text(VERDICTS[row["verdict"]])


def test_each_outcome_and_day_shows_its_own_signals(watched, marts):
    page = watched.open(SIGNALS)
    for outcome in ("program_completion", "credential_attainment"):
        choose(page, "outcome", outcome)
        for day in (7, 14, 28, 56):
            choose(page, "day", str(day))
            expect_signals(page, signals(marts, outcome, day))
    asked = parse_qs(urlparse(page.url).query)
    assert asked == {"outcome": ["credential_attainment"], "day": ["56"]}


def test_a_signal_that_is_not_validated_is_said_not_to_matter(watched, marts):
    page = watched.open(f"{SIGNALS}?day=56")
    rows = [row for row in signals(marts, "program_completion", 56) if row["is_estimable"]]
    assert "unproven" in {row["verdict"] for row in rows}
    for row in rows:
        said = page.get_by_test_id(f"unproven-{row['indicator_code']}")
        if row["verdict"] == "validated":
            expect(said).to_have_count(0)
        else:
            expect(said).to_contain_text(
                with_range(row["auc"], row["auc_ci_low"], row["auc_ci_high"])
            )
            expect(said).to_contain_text("Do not rank learners by it")


def test_every_prediction_is_drawn_with_what_came_of_it(watched, marts):
    page = watched.open(SIGNALS)
    [promises] = marts.ask(
        """
        select count(*) as promises_count,
            count(*) filter (where predicted_rate between ci_low and ci_high) as kept_count
        from {rpt_indicator_calibration}
        where outcome_code = 'program_completion' and cutoff_day = 28
        """
    )
    expect(page.locator("#promises")).to_contain_text(
        f"{promises['kept_count']} of {promises['promises_count']} predictions"
    )
    plot = page.locator("figure", has_text="What came, by what was predicted")
    expect(plot.locator("circle")).to_have_count(promises["promises_count"])


@pytest.mark.parametrize("indicator", ["weekly_active_learners", "program_completion"])
def test_the_twelve_indicators_are_those_of_the_account(watched, marts, indicator):
    page = watched.open(f"{SIGNALS}?indicator={indicator}")
    for account in ("all", *[account["account_id"] for account in marts.accounts()[1:5]]):
        choose(page, "account", account)
        rows = marts.ask(
            """
            select * from {rpt_indicators}
            where account_id = ? and is_mature and denominator_count > 0
            qualify row_number() over (partition by indicator_code order by month desc) = 1
            """,
            account,
        )
        for row in rows:
            shown = page.get_by_test_id(f"indicator-{row['indicator_code']}")
            expect(shown.get_by_test_id("rate")).to_have_text(
                with_interval(row["rate"], row["ci_low"], row["ci_high"])
            )
            states = {None: "no limits", True: "out of control", False: "in control"}
            expect(shown.get_by_test_id("state")).to_have_text(states[row["is_out_of_control"]])
            if row["benchmark_rate"] is not None:
                expect(shown.get_by_test_id("benchmark")).to_have_text(
                    percent(row["benchmark_rate"])
                )
        [chart] = marts.ask(
            """
            select count(*) as months_count,
                count(*) filter (where is_out_of_control) as signals_count
            from {rpt_indicators}
            where account_id = ? and indicator_code = ? and is_supplied and denominator_count > 0
            """,
            account,
            indicator,
        )
        points = page.get_by_test_id("control-chart").locator("figure circle")
        expect(points).to_have_count(chart["months_count"])
        marked = page.get_by_test_id("control-chart").locator("figure circle.signal")
        expect(marked).to_have_count(chart["signals_count"])
