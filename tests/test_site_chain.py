"""The pages of the stakeholder chain and of past forecasts: their numbers are the marts'."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import duckdb
import pytest
from playwright.sync_api import Page, expect
from site_browser import (
    DASH,
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

from orchestration.site_tables_stakeholders import STAKEHOLDER_TABLES

STORY = "/where-does-the-story-break/"
FORECASTS = "/how-good-were-our-forecasts/"
ROLES = {
    "participant": "Participants",
    "manager": "Managers",
    "program_owner": "Program owners",
    "hr_leader": "HR leaders",
    "executive_sponsor": "Executive sponsors",
}
VERDICTS = {
    "supported": "carries on",
    "reversed": "runs against it",
    "no_link_found": "no link found",
    "too_little_data": "too little data",
}

# The newest month is one in which the planted break still lasts.
LASTING = """
    update rpt_stakeholder_chain set is_break = true, breaks_with = 'hr_leader'
    where is_newest and account_id = 'acc-corvane' and chain_role = 'executive_sponsor';
    update chain_breaks
    set is_now = true, last_month = (select max(month) from rpt_stakeholder_chain)
    where account_id = 'acc-corvane' and to_role = 'executive_sponsor';
"""
# What the marts make of contracts alone: the rows are there, the numbers are not.
NOTHING = """
    update rpt_stakeholder_chain
    set is_supplied = false, responses_count = null, people_count = null, invited_count = null,
        response_rate = null, response_ci_low = null, response_ci_high = null,
        confidence_score = null, ci_low = null, ci_high = null, nps = null,
        named_count = null, active_count = null, coverage = null, days_since_touch = null,
        contacts_started_count = null, contacts_ended_count = null, turnover_rate = null,
        reports_delivered_count = null, reports_opened_count = null,
        is_break = null, breaks_with = null, is_suppressed = false, suppression_reason = null;
    delete from chain_breaks;
    update rpt_chain_links
    set is_supplied = false, lag_months = null, coefficient = null, ci_low = null, ci_high = null,
        p_value = null, own_coefficient = null, out_of_sample_error = null, panel_count = 0,
        accounts_count = 0, verdict = 'too_little_data';
    update rpt_renewal_forecasts
    set is_decided = false, decision = null, is_renewed = null, decided_on = null,
        is_undecided_then = true, lead_days = null, renewal_probability = null, base_rate = null,
        why_not = 'too few decisions known';
"""
# No forecast can be judged; the bands and the calibration follow from the forecasts.
UNJUDGED = """
    delete from rpt_renewal_calibration where bin_no > 0;
    update rpt_renewal_calibration
    set decisions_count = 0, forecasts_count = 0, renewed_count = 0, accounts_count = 0,
        mean_probability = null, lowest_probability = null, highest_probability = null,
        observed_rate = null, ci_low = null, ci_high = null, auc = null, auc_ci_low = null,
        auc_ci_high = null, brier_score = null, brier_baseline = null, brier_skill = null,
        lead_days_median = null,
        excluded_count = (
            select count(*) from rpt_renewal_forecasts as forecasts
            where forecasts.horizon_days = rpt_renewal_calibration.horizon_days
                and forecasts.is_decided
        );
    update rpt_renewal_bands
    set decisions_count = 0, renewed_count = 0, observed_rate = null, ci_low = null,
        ci_high = null;
"""
# Nobody answers any more, and conversations were never supplied.
SILENT = """
    update rpt_stakeholder_chain
    set responses_count = 0, people_count = 0, response_rate = 0, response_ci_low = 0,
        confidence_score = null, ci_low = null, ci_high = null, nps = null, is_break = null,
        breaks_with = null, is_suppressed = false, suppression_reason = null
    where is_newest;
    update rpt_stakeholder_chain
    set active_count = null, coverage = null, days_since_touch = null;
    delete from chain_breaks where is_now;
"""
# What became of reports was never supplied, and no contract has a health.
UNSENT = """
    update rpt_stakeholder_chain
    set reports_delivered_count = null, reports_opened_count = null, is_break = null,
        breaks_with = null;
    delete from chain_breaks;
    update rpt_renewal_forecasts
    set is_prediction = false, health_score = null, band = 'unknown', renewal_probability = null,
        why_not = coalesce(nullif(why_not, 'too few decisions known'), 'no health score');
"""


@contextmanager
def changed(release: Path, folder: Path, change: str) -> Iterator[str]:
    """The address of the release's site on other data."""
    copy = copied(release, folder)
    [tables] = copy.glob("site/data/**/mart.duckdb")
    with duckdb.connect(tables) as connection:
        connection.execute(change)
    for answers in copy.glob("site/api/**/all-queries.json"):
        answers.write_text("{}")  # answers from before: the page asks again
    with serving(copy) as address:
        yield address


def runs(months: list[date]) -> list[tuple[date, date]]:
    """Months in a row, as the first and the last of each run."""
    found: list[tuple[date, date]] = []
    for month in sorted(months):
        if found and (month.year - found[-1][1].year) * 12 + month.month == found[-1][1].month + 1:
            found[-1] = (found[-1][0], month)
        else:
            found.append((month, month))
    return found


@pytest.fixture(scope="module")
def chain(marts) -> list[dict]:
    return marts.ask("select * from {rpt_stakeholder_chain} order by account_id, role_order, month")


@pytest.fixture(scope="module")
def names(marts) -> dict[str, str]:
    rows = marts.ask("select account_id, name from {dim_accounts} where is_current")
    return {row["account_id"]: row["name"] for row in rows}


def newest(chain: list[dict]) -> list[dict]:
    last = max(row["month"] for row in chain)
    return [row for row in chain if row["month"] == last]


def test_the_answer_says_how_many_chains_are_broken_and_since_when(watched, chain, names):
    page = watched.open(STORY)
    now = [row for row in newest(chain) if row["account_id"] != "all"]
    broken = [row for row in now if row["is_break"]]
    told = {row["account_id"] for row in now if row["is_break"] is not None}
    answer = page.get_by_test_id("answer")
    places: dict[tuple[str, str], list[date]] = {}
    for row in chain:
        if row["is_break"] and row["account_id"] != "all":
            places.setdefault((row["account_id"], row["chain_role"]), []).append(row["month"])
    if broken:
        expect(page.get_by_test_id("broken-count")).to_have_text(
            str(len({row["account_id"] for row in broken}))
        )
        for row in broken[:5]:
            since = runs(places[row["account_id"], row["chain_role"]])[-1][0]
            expect(answer).to_contain_text(names[row["account_id"]])
            expect(answer).to_contain_text(f"seen since {since:%B %Y}")
    else:
        expect(answer).to_contain_text(f"broken at none of {len(told)} accounts")
    for (account, role), months in places.items():
        for first, last in runs(months):
            shown = page.get_by_test_id(f"break-{account}-{role}-{first:%Y-%m}")
            expect(shown.get_by_test_id("from")).to_have_text(f"{first:%B %Y}")
            until = "now" if last == now[0]["month"] else f"{last:%B %Y}"
            expect(shown.get_by_test_id("until")).to_have_text(until)


def test_the_planted_break_is_on_the_page(watched):
    page = watched.open(f"{STORY}?account=acc-corvane")
    rows = page.locator("[data-testid^='break-acc-corvane-executive_sponsor-2026']")
    expect(rows).to_have_count(1)
    expect(rows.get_by_test_id("between")).to_have_text("HR leaders and executive sponsors")


def expect_roles(page: Page, rows: list[dict]) -> None:
    for row in rows:
        card = page.get_by_test_id("chain").get_by_test_id(f"role-{row['chain_role']}")
        if row["confidence_score"] is not None:
            low, high = number(row["ci_low"], 0), number(row["ci_high"], 0)
            expect(card.get_by_test_id("score")).to_have_text(
                f"{number(row['confidence_score'], 0)} ({low}{DASH}{high})"
            )
        else:
            why = "nobody answered"
            if row["is_suppressed"]:
                why = f"kept back: {row['suppression_reason']}"
            expect(card.get_by_test_id("score")).to_contain_text(why)
            expect(card.get_by_test_id("score")).to_be_visible()
        expect(card.get_by_test_id("answered")).to_contain_text(
            f"{count(row['people_count'])} answered"
        )
        asked = page.get_by_test_id(f"asked-{row['chain_role']}")
        if row["response_rate"] is not None:
            expect(asked.get_by_test_id("response")).to_contain_text(
                with_interval(
                    row["response_rate"], row["response_ci_low"], row["response_ci_high"], 0
                )
            )
        else:
            expect(asked.get_by_test_id("response")).to_have_text("not known")
        if row["reports_delivered_count"]:
            expect(asked.get_by_test_id("opened")).to_have_text(
                f"{row['reports_opened_count']} of {row['reports_delivered_count']}"
            )


def test_each_account_shows_its_own_chain_and_nothing_that_is_kept_back(watched, chain):
    page = watched.open(STORY)
    now = newest(chain)
    accounts = sorted({row["account_id"] for row in now})
    kept = [row["account_id"] for row in now if row["is_suppressed"]]
    assert kept
    for account in ("all", accounts[1], kept[-1]):
        choose(page, "account", account)
        expect_roles(page, [row for row in now if row["account_id"] == account])
    assert parse_qs(urlparse(page.url).query) == {"account": [kept[-1]]}


def test_links_have_their_interval_and_a_verdict_in_words(watched, marts):
    page = watched.open(STORY)
    for link in marts.ask("select * from {rpt_chain_links}"):
        shown = page.get_by_test_id(f"link-{'path' if link['is_path'] else link['to_role']}")
        expect(shown.get_by_test_id("verdict")).to_have_text(VERDICTS[link["verdict"]])
        if link["coefficient"] is not None:
            numbers = number(link["ci_low"]), number(link["ci_high"])
            joint = " to " if link["ci_low"] < 0 else DASH
            expect(shown.get_by_test_id("coefficient")).to_have_text(
                f"{number(link['coefficient'])} ({joint.join(numbers)})"
            )
            months = link["lag_months"]
            expect(shown.get_by_test_id("lag")).to_have_text(
                f"{months} month{'' if months == 1 else 's'}"
            )


def test_whom_we_speak_with_is_told_for_every_account_and_role(watched, chain):
    page = watched.open(STORY)
    for folded in page.locator("article summary").all():
        folded.click()
    rows = [
        row
        for row in newest(chain)
        if row["chain_role"] != "participant" and row["named_count"] is not None
    ]
    open_ones = {
        row["account_id"]
        for row in rows
        if row["account_id"] == "all"
        or any(r["account_id"] == row["account_id"] and r["active_count"] == 0 for r in rows)
    }
    for row in rows:
        table = "coverage" if row["account_id"] in open_ones else "covered"
        shown = page.get_by_test_id(f"{table}-{row['account_id']}")
        cell = shown.get_by_test_id(f"cell-{row['chain_role']}")
        if row["named_count"] == 0:
            expect(cell).to_have_text("nobody named")
            continue
        expect(cell).to_contain_text(f"{count(row['active_count'])} of {count(row['named_count'])}")
        if row["account_id"] != "all" and row["days_since_touch"] is not None:
            expect(cell).to_contain_text(f"{row['days_since_touch']} day")


def test_no_score_that_is_kept_back_leaves_for_the_page(demo_release):
    [tables] = (demo_release / "site").glob("data/**/mart.duckdb")
    with duckdb.connect(tables, read_only=True) as connection:
        [(kept, told)] = connection.execute(
            """
            select count(*) filter (where is_suppressed),
                count(*) filter (
                    where (is_suppressed or people_count < 5)
                        and coalesce(confidence_score, ci_low, ci_high, nps) is not null
                )
            from rpt_stakeholder_chain
            """
        ).fetchall()
    assert kept > 0
    assert told == 0


def test_months_in_a_row_are_one_break_and_a_month_between_makes_two():
    facts = """(
        select 'acc-1' as account_id, 'executive_sponsor' as chain_role, 5 as role_order,
            'hr_leader' as breaks_with, cast(month as date) as month, is_break
        from (values
            ('2025-11-01', true), ('2025-12-01', true), ('2026-01-01', true),
            ('2026-02-01', false), ('2026-03-01', true), ('2026-04-01', false)
        ) as t(month, is_break)
    )"""
    accounts = "(select 'acc-1' as account_id, 'One' as name, true as is_current)"
    query = STAKEHOLDER_TABLES["chain_breaks"].format(
        rpt_stakeholder_chain=facts, dim_accounts=accounts
    )
    found = duckdb.sql(f"select first_month, last_month, months_count, is_now from ({query})")
    assert sorted(found.fetchall()) == [
        (date(2025, 11, 1), date(2026, 1, 1), 3, False),
        (date(2026, 3, 1), date(2026, 3, 1), 1, False),
    ]


def test_a_score_that_a_mart_forgot_to_hide_is_hidden_by_the_export():
    facts = """(
        select 'a hash' as stakeholder_chain_key, 'acc-1' as account_id, 1 as role_order,
            date '2026-05-01' as month, true as is_suppressed, 31.5 as confidence_score,
            20.0 as ci_low, 43.0 as ci_high, -50.0 as nps
    )"""
    accounts = "(select 'acc-1' as account_id, 'One' as name, true as is_current)"
    query = STAKEHOLDER_TABLES["rpt_stakeholder_chain"].format(
        rpt_stakeholder_chain=facts, dim_accounts=accounts
    )
    found = duckdb.sql(f"select confidence_score, ci_low, ci_high, nps from ({query})")
    assert found.fetchall() == [(None, None, None, None)]


@pytest.fixture(scope="module")
def horizons(marts) -> list[dict]:
    return marts.ask(
        "select * from {rpt_renewal_calibration} where bin_no = 0 order by horizon_days desc"
    )


def expect_horizon(page: Page, marts, row: dict) -> None:
    """Check the first sentence, the groups, the bands and the contracts of one horizon."""
    if row["auc"] is None:
        expect(page.get_by_test_id("answer")).to_contain_text(f"{row['horizon_days']} days")
        expect(page.get_by_test_id("answer-auc")).to_have_count(0)
    else:
        expect(page.get_by_test_id("answer-auc")).to_have_text(
            with_interval(row["auc"], row["auc_ci_low"], row["auc_ci_high"], 0)
        )
    if row["auc"] is not None and row["brier_score"] is not None:
        expect(page.get_by_test_id("answer").get_by_test_id("brier")).to_contain_text(
            f"Brier {number(row['brier_score'], 3)} against {number(row['brier_baseline'], 3)}"
        )
    bins = marts.ask(
        """
        select mean_probability between ci_low and ci_high as is_kept
        from {rpt_renewal_calibration}
        where horizon_days = ? and bin_no > 0 and decisions_count > 0
        """,
        row["horizon_days"],
    )
    if bins:
        kept = sum(each["is_kept"] for each in bins)
        expect(page.locator("#reliability")).to_contain_text(f"In {kept} of {len(bins)} groups")
        expect(page.get_by_test_id("reliability").locator("circle")).to_have_count(len(bins))
    bands = marts.ask(
        """
        select * from {rpt_renewal_bands}
        where horizon_days = ? and band <> 'all' and decisions_count > 0
        """,
        row["horizon_days"],
    )
    for band in bands:
        shown = page.get_by_test_id(f"band-{band['band']}")
        expect(shown).to_contain_text(f"{band['renewed_count']} of {band['decisions_count']}")
        expect(shown).to_contain_text(
            with_interval(band["observed_rate"], band["ci_low"], band["ci_high"])
        )
    decided = marts.ask(
        "select * from {rpt_renewal_forecasts} where horizon_days = ? and is_decided",
        row["horizon_days"],
    )
    left = [each for each in decided if each["is_prediction"] and not each["is_renewed"]]
    expect(page.get_by_test_id("left").locator("tbody tr")).to_have_count(len(left))
    for each in left:
        shown = page.get_by_test_id(f"left-{each['contract_id']}")
        expect(shown.get_by_test_id("health")).to_contain_text(number(each["health_score"], 0))
        expect(shown.get_by_test_id("decided")).to_contain_text("churned")
        if each["renewal_probability"] is not None:
            expect(shown.get_by_test_id("forecast")).to_contain_text(
                percent(each["renewal_probability"], 0)
            )
    reasons = [each["why_not"] for each in decided if not each["is_prediction"]]
    if row["decisions_count"] == 0 and set(reasons) == {"already decided"}:
        expect(page.get_by_test_id("answer")).to_contain_text("the decision had been made")
        expect(page.locator("#contracts")).to_contain_text("every contract was decided already")
    for reason in set(reasons):
        noun = "contract" if reasons.count(reason) == 1 else "contracts"
        expect(page.get_by_test_id("left-out")).to_contain_text(
            f"{reasons.count(reason)} {noun}: {reason}"
        )


def test_each_horizon_shows_what_was_forecast_and_what_came(watched, marts, horizons):
    page = watched.open(FORECASTS)
    for row in horizons:
        choose(page, "horizon", str(row["horizon_days"]))
        expect_horizon(page, marts, row)
    asked = parse_qs(urlparse(page.url).query)
    assert asked == {"horizon": [str(horizons[-1]["horizon_days"])]}


def test_all_horizons_stand_side_by_side(watched, horizons):
    page = watched.open(FORECASTS)
    for row in horizons:
        shown = page.get_by_test_id(f"horizon-{row['horizon_days']}")
        expect(shown.get_by_test_id("decisions")).to_have_text(count(row["decisions_count"]))
        expect(shown.get_by_test_id("brier")).to_have_text(number(row["brier_score"], 3))
        if row["auc"] is not None:
            expect(shown.get_by_test_id("auc")).to_have_text(
                with_range(row["auc"], row["auc_ci_low"], row["auc_ci_high"])
            )


def test_a_notice_already_received_is_no_prediction(watched, marts):
    page = watched.open(f"{FORECASTS}?horizon=60")
    early = marts.ask(
        """
        select * from {rpt_renewal_forecasts}
        where horizon_days = 60 and decided_on <= observed_on
        """
    )
    assert early
    for row in early:
        expect(page.get_by_test_id(f"left-{row['contract_id']}")).to_have_count(0)
    few = page.get_by_test_id("few")
    [counted] = marts.ask(
        """
        select count(*) as predictions_count,
            count(*) filter (where not is_renewed) as left_count
        from {rpt_renewal_forecasts}
        where horizon_days = 60 and is_decided and is_prediction
        """
    )
    expect(few).to_contain_text(
        f"{counted['left_count']} of {counted['predictions_count']} contracts"
    )


def test_a_break_that_lasts_is_in_the_first_sentence_and_on_the_strip(
    demo_release, browser, tmp_path, chain, names
):
    told = {row["account_id"] for row in newest(chain) if row["is_break"] is not None}
    told.add("acc-corvane")
    with (
        changed(demo_release, tmp_path, LASTING) as base,
        watching(browser, base) as watched,
    ):
        page = watched.open(STORY)
        answer = page.get_by_test_id("answer")
        expect(answer).to_contain_text(f"broken at 1 of {len(told)} accounts")
        expect(answer).to_contain_text(
            f"{names['acc-corvane']}, between HR leaders and executive sponsors, seen since"
        )
        sponsor = page.get_by_test_id("chain").get_by_test_id("role-executive_sponsor")
        expect(sponsor.get_by_test_id("joint")).to_have_text("broken at 1 account")
        choose(page, "account", "acc-corvane")
        expect(page.locator("#chain")).to_contain_text("breaks before executive sponsors")
        expect(sponsor.get_by_test_id("joint")).to_contain_text("broken, since")


def test_a_provider_without_surveys_and_decisions_is_told_so(demo_release, browser, tmp_path):
    with (
        changed(demo_release, tmp_path, NOTHING + UNJUDGED) as base,
        watching(browser, base) as watched,
    ):
        expect(watched.open("/").get_by_test_id("broken")).to_contain_text("is not known")
        page = watched.open(STORY)
        expect(page.get_by_test_id("answer")).to_contain_text("no answers to surveys were supplied")
        expect(page.locator("#chain")).to_contain_text("no answers to surveys were supplied")
        expect(page.locator("#coverage")).to_have_text("Whom we speak with is not known")
        expect(page.locator("#changes")).to_have_text("How often contacts change is not known")
        opened = page.get_by_test_id("roles").get_by_test_id("opened")
        expect(opened).to_have_text(["not known"] * len(ROLES))
        page = watched.open(FORECASTS)
        expect(page.get_by_test_id("answer")).to_contain_text("Nobody can say yet")
        expect(page.locator("#reliability")).to_contain_text("No probability")
        expect(page.locator("#bands")).to_contain_text("Of no band")


def test_where_nobody_answers_any_more_nothing_is_called_whole(demo_release, browser, tmp_path):
    with (
        changed(demo_release, tmp_path, SILENT) as base,
        watching(browser, base) as watched,
    ):
        expect(watched.open("/").get_by_test_id("broken")).to_contain_text("is not known")
        page = watched.open(STORY)
        expect(page.get_by_test_id("answer")).to_contain_text("too few answered at every account")
        expect(page.locator("#coverage")).to_have_text("Whom we speak with is not known")
        expect(page.get_by_test_id("coverage-all")).to_contain_text("named")
        expect(page.get_by_text("never spoken")).to_have_count(0)


def test_without_reports_and_scores_no_break_and_no_forecast_is_claimed(
    demo_release, browser, tmp_path
):
    with (
        changed(demo_release, tmp_path, UNSENT + UNJUDGED) as base,
        watching(browser, base) as watched,
    ):
        expect(watched.open("/").get_by_test_id("broken")).to_contain_text("is not known")
        page = watched.open(STORY)
        expect(page.get_by_test_id("answer")).to_contain_text("which reports were sent and opened")
        joints = page.get_by_test_id("chain").get_by_test_id("joint")
        expect(joints).to_contain_text(["not known whether broken"] * (len(ROLES) - 1))
        opened = page.get_by_test_id("roles").get_by_test_id("opened")
        expect(opened).to_have_text(["not known"] * len(ROLES))
        page = watched.open(FORECASTS)
        expect(page.get_by_test_id("answer")).to_contain_text("no contract had a forecast")
        expect(page.get_by_test_id("counted")).to_contain_text("(no health score)")
        expect(page.locator("#contracts")).not_to_contain_text("decided already")
