"""The built site in a real browser: it shows the release's numbers, and talks to nobody else."""

import json
import re
from datetime import date
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect
from site_browser import (
    BOTTLENECK,
    CASE,
    COST,
    DASH,
    FORECASTS,
    FUNNEL,
    MINUS,
    OPERATIONS,
    OUTCOMES,
    PROFIT,
    RENEWALS,
    RETURN,
    SIGNALS,
    STANDS,
    STORY,
    TIERS,
    axe_violations,
    choose,
    count,
    expect_steps,
    money,
    pages,
    percent,
    weakest,
    with_interval,
    with_range,
)

ERROR_TEXTS = (
    "Catalog Error",
    "Binder Error",
    "Parser Error",
    "Conversion Error",
    "Dataset is empty",
    "Error in",
    "undefined",
    "NaN",
)


COLOURS_OF_TEXT = """
() => {
    const isShown = (element) => element.checkVisibility() && !element.closest('.sr-only');
    const hasText = (element) => [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim()
    );
    const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (!/, 0\\)$|transparent/.test(colour)) return colour;
        }
    };
    const found = {};
    for (const element of document.querySelectorAll('header *, .release *, article *')) {
        if (!isShown(element) || !hasText(element)) continue;
        const style = getComputedStyle(element);
        const ink = element instanceof SVGElement ? style.fill : style.color;
        found[`${ink} on ${ground(element)}`] = element.textContent.trim().slice(0, 40);
    }
    return found;
}
"""
LOOKS = [("light", 1280), ("dark", 1280), ("light", 390)]
CUT_OFF = """
() => [...document.querySelectorAll('article *')].filter((element) => {
    if (!element.checkVisibility() || element.closest('.sr-only, svg')) return false;
    const hides = getComputedStyle(element).overflowX !== 'visible';
    return element.getBoundingClientRect().right > innerWidth + 1
        || (hides && element.scrollWidth > element.clientWidth + 1);
}).map((element) => element.outerHTML.slice(0, 160))
"""
PAPER_WIDTH = 718  # 19 cm of an A4 sheet, at 96 dots an inch


def test_every_page_opens_without_an_error_and_can_be_read_by_all(demo_release, watched):
    """Each page once: its words; in each look its contrast, axe's verdict, its width; on paper."""
    questions = {FUNNEL, STANDS, SIGNALS, BOTTLENECK, PROFIT, COST, TIERS, OPERATIONS}
    questions |= {OUTCOMES, RETURN, RENEWALS, CASE, STORY, FORECASTS}
    assert {"/"} | questions <= set(pages(demo_release))
    manifest = json.loads((demo_release / "manifest.json").read_text())
    obstacles = []
    for path in pages(demo_release):
        watched.page.set_viewport_size({"width": 1280, "height": 900})
        page = watched.open(path)
        for folded in page.locator("article summary").all():
            folded.click()
        text = page.inner_text("body")
        assert [error for error in ERROR_TEXTS if error in text] == [], path
        assert page.locator("h1").count() == 1
        expect(page.get_by_test_id("release-id")).to_have_text(manifest["release_id"])
        expect(page.get_by_test_id("version-this")).to_have_text(manifest["release_id"])
        for scheme, width in LOOKS:
            page.emulate_media(color_scheme=scheme)
            expect(page.locator("html")).to_have_attribute("data-theme", scheme)
            page.set_viewport_size({"width": width, "height": 900})
            obstacles += [f"{path} {scheme} {width}: {found}" for found in axe_violations(page)]
            obstacles += [f"{path} {scheme} {width}: {found}" for found in pale_texts(page)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                obstacles.append(f"{path} is wider than {width}")
        page.emulate_media(media="print")
        page.set_viewport_size({"width": PAPER_WIDTH, "height": 1000})
        obstacles += [f"{path} on paper is cut off: {found}" for found in page.evaluate(CUT_OFF)]
        page.emulate_media(media="screen")
    assert obstacles == []


def pale_texts(page: Page) -> list[str]:
    """Texts with less than 4.5 to 1 between them and the ground under them, drawn ones too."""
    found = []
    for pair, text in page.evaluate(COLOURS_OF_TEXT).items():
        darker, lighter = sorted(luminance(colour) for colour in pair.split(" on "))
        if (lighter + 0.05) / (darker + 0.05) < 4.5:
            found.append(f"{pair}: {text}")
    return found


def luminance(colour: str) -> float:
    """Relative luminance of a colour like rgb(11, 110, 110), as WCAG 2 defines it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_built_pages_carry_their_numbers_before_any_script_runs(demo_release, marts):
    enrolled = count(marts.steps("all", "all")[0]["reached_count"])
    [located] = marts.ask(
        "select count(*) as accounts_count from {rpt_bottlenecks} where bottleneck_rank = 1"
    )
    [signal] = marts.ask(
        """
        select auc, auc_ci_low, auc_ci_high from {rpt_indicator_validity}
        where outcome_code = 'program_completion' and cutoff_day = 28 and is_estimable
        order by auc desc
        limit 1
        """
    )
    [stand] = marts.ask(
        """
        select stock_count from {rpt_funnel_periods}
        where account_id = 'all' and stage_code = 'engaged' and is_mature
        order by month desc
        limit 1
        """
    )
    [ledger] = marts.ask(
        """
        select total_amount, currency from {rpt_ledger_use}
        where function_code = 'all' and part = 'unused' and period_no = 0
        """
    )
    [work] = marts.ask(
        """
        select on_time_rate, on_time_ci_low, on_time_ci_high from {rpt_function_performance}
        where function_code = 'all' and is_mature
        order by month desc
        limit 1
        """
    )
    [stay] = marts.ask(
        """
        select treated_rate from {rpt_workforce_outcomes}
        where account_id = 'all' and outcome_code = 'retained_12m_voluntary' and stratum = 'all'
        """
    )
    [returned] = marts.ask(
        """
        select benefit_amount, currency from {rpt_employer_roi}
        where account_id = 'all' and scenario = 'base'
        """
    )
    [ahead] = marts.ask(
        """
        select arr_amount, currency from {rpt_renewal_outlook}
        where segment = 'all' and horizon = 'next_12_months'
        """
    )
    [heard] = marts.ask(
        """
        select count(distinct account_id) as accounts_count from {rpt_stakeholder_chain}
        where account_id <> 'all' and people_count > 0
            and month = (select max(month) from {rpt_stakeholder_chain})
        """
    )
    [case] = marts.ask(
        """
        select cases.annual_value_amount, cases.currency from {rpt_renewal_cases} as cases
        inner join {dim_accounts} as accounts
            on cases.account_id = accounts.account_id and accounts.is_current
        order by cases.is_decided, cases.days_to_end, accounts.name, cases.contract_id
        limit 1
        """
    )
    [forecast] = marts.ask(
        "select auc from {rpt_renewal_calibration} where horizon_days = 90 and bin_no = 0"
    )
    on_time = with_interval(*work.values(), 0).replace(" (", " <small>(")
    carried = {
        "/": enrolled,
        FUNNEL: enrolled,
        STANDS: count(stand["stock_count"]),
        SIGNALS: with_range(*signal.values()).split(" ")[1],
        BOTTLENECK: f'data-testid="located-count">{located["accounts_count"]}<',
        COST: f'data-testid="answer-total">{money(*ledger.values())}<',
        OPERATIONS: on_time,
        OUTCOMES: f'data-testid="answer-participants">{percent(stay["treated_rate"], 1)}<',
        RETURN: f'data-testid="answer-benefit">{money(*returned.values())}<',
        RENEWALS: f'data-testid="answer-arr">{money(*ahead.values())}<',
        CASE: f'data-testid="value">{money(*case.values())}<',
        STORY: f"of {heard['accounts_count']} accounts",
        FORECASTS: f'data-value="{forecast["auc"]}"',
    }
    for path, value in carried.items():
        assert value in (demo_release / f"site{path}index.html").read_text(), path


def test_the_front_page_names_the_months_that_have_begun_and_those_ahead(
    watched, marts, demo_release
):
    as_of = json.loads((demo_release / "manifest.json").read_text(encoding="utf-8"))["as_of_date"]
    [cohorts] = marts.ask(
        """
        select
            max(cohort_month) filter (where cohort_month <= $1) as last_month,
            sum(reached_count) filter (
                where cohort_month > $1 and account_id = 'all' and program_id = 'all'
            ) as ahead_count
        from {rpt_funnel_cohorts}
        where cohort_month <> 'all' and stage_code = 'enrolled' and reached_count > 0
        """,
        as_of,
    )
    page = watched.open("/")
    last = date.fromisoformat(cohorts["last_month"])
    expect(page.get_by_text("Six questions, answered as of")).to_contain_text(f" to {last:%B %Y}, ")
    assert cohorts["ahead_count"] > 0
    expect(page.get_by_test_id("ahead")).to_have_text(count(cohorts["ahead_count"]))


def test_the_front_page_shows_the_numbers_of_the_marts(watched, marts):
    page = watched.open("/")
    for step in marts.steps("all", "all"):
        code = step["stage_code"]
        expect(page.get_by_test_id(f"reached-{code}")).to_have_text(count(step["reached_count"]))
        if step["mature_rate"] is None:
            continue
        card = page.get_by_test_id(f"headline-{code}")
        expect(card.get_by_test_id("rate")).to_have_text(percent(step["mature_rate"]))
        low, high = percent(step["mature_ci_low"]), percent(step["mature_ci_high"])
        expect(card.get_by_test_id("interval")).to_have_text(f"{low.removesuffix('%')}{DASH}{high}")
        counts = (step["mature_numerator_count"], step["mature_denominator_count"])
        expect(card.get_by_test_id("counts")).to_have_text(
            f"{count(counts[0])} of {count(counts[1])}"
        )
    [week] = marts.ask(
        """
        select * from {rpt_weekly_engagement}
        where account_id = 'all' and program_id = 'all' and is_mature and at_risk_count > 0
        order by week_start_date desc
        limit 1
        """
    )
    card = page.get_by_test_id("headline-week")
    expect(card.get_by_test_id("rate")).to_have_text(percent(week["active_rate"]))
    expect(card.get_by_test_id("counts")).to_have_text(
        f"{count(week['active_count'])} of {count(week['at_risk_count'])}"
    )


def test_the_front_page_says_which_accounts_make_money_and_how_much_work_is_on_time(watched, marts):
    page = watched.open("/")
    [period] = marts.ask("select * from {rpt_concentration} where period_code = 'T12M'")
    [worst] = marts.ask(
        """
        select accounts.name, curve.profit_amount from {rpt_whale_curve} as curve
        inner join {dim_accounts} as accounts
            on curve.account_id = accounts.account_id and accounts.is_current
        where curve.period_code = 'T12M'
        order by curve.profit_amount
        limit 1
        """
    )
    expect(page.locator("#money")).to_have_text(
        f"{period['peak_rank']} of {period['accounts_count']} accounts make money"
    )
    sentence = page.get_by_test_id("profit")
    for value in (period["peak_profit_amount"], period["erosion_amount"], worst["profit_amount"]):
        expect(sentence).to_contain_text(money(value, period["currency"]))
    expect(sentence).to_contain_text(worst["name"])
    [month, before] = marts.ask(
        """
        select * from {rpt_function_performance}
        where function_code = 'all' and month in (
            select unnest([max(month), max(month) - interval 1 year])
            from {rpt_function_performance} where is_mature
        )
        order by month desc
        """
    )
    work = page.get_by_test_id("work")
    expect(work.get_by_test_id("rate")).to_have_text(percent(month["on_time_rate"]))
    expect(work).to_contain_text(percent(before["on_time_rate"], 0))
    expect(work).to_contain_text(f"{count(month['backlog_count'])} work items were open")
    [unused] = marts.ask(
        """
        select * from {rpt_ledger_use}
        where function_code = 'all' and part = 'unused' and period_no = 0
        """
    )
    paid = page.get_by_test_id("figure-unused")
    expect(paid.get_by_test_id("value")).to_have_text(money(unused["amount"], unused["currency"]))
    expect(paid).to_contain_text(percent(unused["amount_share"], 0))
    peak = page.get_by_test_id("figure-peak").get_by_test_id("value")
    expect(peak).to_have_text(percent(period["peak_profit_share"], 0))


def test_the_front_page_says_whether_people_stay_and_what_came_back(watched, marts):
    page = watched.open("/")
    [stay] = marts.ask(
        """
        select * from {rpt_workforce_outcomes}
        where account_id = 'all' and outcome_code = 'retained_12m_voluntary' and stratum = 'all'
        """
    )
    sentence = page.get_by_test_id("stays")
    for value in (stay["treated_rate"], stay["comparison_rate"]):
        expect(sentence).to_contain_text(percent(value, 1))
    difference = f"{stay['adjusted_difference'] * 100:+.1f}".replace("-", MINUS)
    figure = page.get_by_test_id("figure-stay")
    expect(figure.get_by_test_id("value")).to_have_text(difference)
    expect(figure.locator("h3")).to_contain_text("percentage points")
    expect(figure).to_contain_text(f"grade {stay['evidence_grade']}")
    heading = page.locator("#outcomes")
    if stay["ci_low"] > 0:
        expect(heading).to_have_text("Participants stay more than their like")
    elif stay["ci_high"] >= 0:
        expect(heading).to_have_text("Whether participants stay more, the data cannot tell")
    low, base, high = (
        # no minus before what rounds to zero
        f"{row['bcr']:.2f}".replace("-0.00", "0.00").replace("-", MINUS)
        for row in marts.ask(
            """
            select bcr from {rpt_employer_roi} where account_id = 'all'
            order by scenario_order
            """
        )
    )
    expect(sentence).to_contain_text(
        f"{base} came back in the first year (low {low}, high {high}; grade"
    )


def test_the_front_page_says_what_was_kept_and_where_the_story_is_broken(watched, marts):
    page = watched.open("/")
    window, before = marts.ask(
        """
        select * from {rpt_revenue_retention}
        where segment = 'all' and window_months = 12 and grr is not null
            and month(window_end) = (
                select month(max(window_end)) from {rpt_revenue_retention} where grr is not null
            )
        order by window_end desc
        limit 2
        """
    )
    kept = percent(window["grr"], 0)
    expect(page.locator("#renewal")).to_have_text(
        f"{kept} of the yearly contract value was kept in twelve months"
    )
    for name, rate in (("kept", "grr"), ("nrr", "nrr")):
        figure = page.get_by_test_id(f"figure-{name}")
        expect(figure.get_by_test_id("value")).to_have_text(percent(window[rate], 0))
        expect(figure).to_contain_text(percent(before[rate], 0))
    sentence = page.get_by_test_id("kept")
    [ends] = marts.ask(
        """
        select count(*) as contracts_count from {fct_renewals}
        where not is_ended
            and starts_on <= (select max(window_end) from {rpt_revenue_retention})
            and ends_on < (
                select date_trunc('month', max(window_end)) + interval 12 month
                from {rpt_revenue_retention}
            )
        """
    )
    [ahead] = marts.ask(
        "select * from {rpt_renewal_outlook} where segment = 'all' and horizon = 'next_12_months'"
    )
    expect(sentence).to_contain_text(f"{ends['contracts_count']} contracts worth")
    for part in ("arr_amount", "red_amount"):
        expect(sentence).to_contain_text(money(ahead[part], ahead["currency"]))
    told = marts.ask(
        """
        select is_break from {rpt_stakeholder_chain}
        where is_break is not null
            and month = (select max(month) from {rpt_stakeholder_chain})
        """
    )
    broken = sum(row["is_break"] for row in told)
    words = f"broken at {broken} place" if broken else "broken nowhere"
    words = words if told else "is not known"
    expect(page.get_by_test_id("broken")).to_contain_text(words)


def test_the_front_page_says_what_was_loaded_and_turned_away(watched, marts):
    page = watched.open("/")
    [loads] = marts.ask(
        """
        select cast(sum(received_count) as bigint) as received,
            cast(sum(accepted_count) as bigint) as accepted,
            cast(sum(rejected_count) as bigint) as rejected,
            cast(sum(duplicate_count) as bigint) as duplicate
        from {rpt_source_health}
        """
    )
    sentence = page.get_by_test_id("loads")
    expect(sentence).to_contain_text(f"Of {count(loads['received'])} rows")
    expect(sentence).to_contain_text(f"{count(loads['accepted'])} were accepted")
    expect(sentence).to_contain_text(f"{count(loads['rejected'])} rejected")
    expect(sentence).to_contain_text(f"{count(loads['duplicate'])} were there already")
    expect(page.locator("#trust")).to_contain_text(
        f"{count(loads['rejected'])} of {count(loads['received'])} rows"
    )


def test_the_front_page_answers_the_other_pages_questions(watched, marts):
    page = watched.open("/")
    [accounts] = marts.ask(
        """
        select count(distinct account_id) as accounts_count,
            count(distinct account_id) filter (where bottleneck_rank = 1) as located_count
        from {rpt_bottlenecks}
        where conversion_rate is not null and account_id <> 'unknown'
        """
    )
    located, all_accounts = accounts["located_count"], accounts["accounts_count"]
    expect(page.locator("#who")).to_contain_text(f"{located} of {all_accounts} accounts")
    days = marts.ask(
        """
        select cutoff_day, count(*) as signals_count,
            count(*) filter (where verdict = 'validated') as validated_count
        from {rpt_indicator_validity}
        where is_estimable and outcome_code = 'program_completion'
        group by cutoff_day
        """
    )
    best = min(days, key=lambda day: (-day["validated_count"], day["cutoff_day"]))
    expect(page.locator("#signals")).to_contain_text(
        f"{best['validated_count']} of {best['signals_count']} early signals tell"
        f" by day {best['cutoff_day']}"
    )


def test_the_first_sentence_names_the_narrowest_step(watched, marts):
    page = watched.open(FUNNEL)
    step = weakest(marts.steps("all", "all"))
    [title] = marts.ask("select title from {dim_stages} where stage_code = ?", step["stage_code"])
    answer = page.get_by_test_id("answer")
    expect(answer.locator("strong").nth(1)).to_have_text(title["title"].lower())
    expect(answer.get_by_test_id("answer-rate")).to_have_text(
        with_interval(step["mature_rate"], step["mature_ci_low"], step["mature_ci_high"], 0)
    )
    assert float(answer.get_by_test_id("answer-rate").get_attribute("data-value")) == pytest.approx(
        step["mature_rate"], abs=1e-12
    )


def test_choosing_an_account_and_a_program_shows_exactly_their_rows(watched, marts):
    page = watched.open(FUNNEL)
    expect_steps(page, marts.steps("all", "all"))
    pairs = marts.ask(
        """
        select account_id, program_id
        from {rpt_funnel_cohorts}
        where account_id <> 'all' and program_id <> 'all' and cohort_month = 'all' and is_supplied
        group by account_id, program_id
        order by account_id, program_id
        """
    )
    accounts = sorted({pair["account_id"] for pair in pairs})
    for account in (*accounts[:-1:4], accounts[-1]):
        choose(page, "account", account)
        expect_steps(page, marts.steps(account, "all"))
    program = next(pair["program_id"] for pair in pairs if pair["account_id"] == accounts[-1])
    choose(page, "program", program)
    expect_steps(page, marts.steps(accounts[-1], program))
    asked = parse_qs(urlparse(page.url).query)
    assert asked == {"account": [accounts[-1]], "program": [program]}

    choose(page, "account", "all")
    expect_steps(page, marts.steps("all", program))
    choose(page, "program", "all")
    expect_steps(page, marts.steps("all", "all"))
    assert urlparse(page.url).query == ""


def test_a_filtered_page_can_be_sent_as_a_link(watched, marts):
    account = marts.accounts()[0]["account_id"]
    page = watched.open(f"{FUNNEL}?account={account}")
    expect(page.get_by_test_id("choice-account")).to_have_value(account)
    expect_steps(page, marts.steps(account, "all"))


def test_an_unknown_choice_in_the_address_is_ignored(watched, marts):
    page = watched.open(f"{FUNNEL}?account=x'%20or%20'1'='1&program=%3Cscript%3E")
    expect(page.get_by_test_id("choice-account")).to_have_value("all")
    expect_steps(page, marts.steps("all", "all"))


def test_the_weekly_sentence_equals_the_mart(watched, marts):
    page = watched.open(FUNNEL)
    [week] = marts.ask(
        """
        select * from {rpt_weekly_engagement}
        where account_id = 'all' and program_id = 'all' and is_mature and at_risk_count > 0
        order by week_start_date desc
        limit 1
        """
    )
    expect(page.get_by_test_id("week-rate")).to_have_text(
        with_interval(week["active_rate"], week["ci_low"], week["ci_high"], 0)
    )


def test_the_accounts_stand_beside_each_other_with_their_own_rates(watched, marts):
    page = watched.open("/")
    step = weakest(marts.steps("all", "all"))
    names = {account["account_id"]: account["name"] for account in marts.accounts()}
    rows = marts.ask(
        """
        select * from {rpt_funnel_cohorts}
        where stage_code = ? and account_id <> 'all' and program_id = 'all'
            and cohort_month = 'all' and mature_denominator_count > 0
        """,
        step["stage_code"],
    )
    for row in rows:
        shown = page.get_by_test_id(f"by-account-{row['account_id']}")
        expect(shown.locator("th")).to_have_text(names[row["account_id"]])
        expect(shown.locator("td").nth(1)).to_have_text(
            with_interval(row["mature_rate"], row["mature_ci_low"], row["mature_ci_high"])
        )


def test_the_way_to_an_enrollment_stands_apart_and_counts_spells(watched, marts):
    page = watched.open(FUNNEL)
    for account in ("all", *[account["account_id"] for account in marts.accounts()[1:4]]):
        choose(page, "account", account)
        for step in marts.way_in(account):
            row = page.get_by_test_id(f"way-in-{step['stage_code']}")
            expect(row.get_by_test_id("reached")).to_have_text(count(step["numerator_count"]))
            if step["mature_rate"] is not None:
                expect(row.get_by_test_id("rate")).to_have_text(
                    with_interval(
                        step["mature_rate"], step["mature_ci_low"], step["mature_ci_high"]
                    )
                )


def test_a_row_that_mixes_programs_shows_the_rate_at_everyones_mix(watched, marts):
    account = marts.accounts()[-1]["account_id"]
    page = watched.open(f"{FUNNEL}?account={account}")
    shown = [step for step in marts.steps(account, "all") if step["mature_rate"] is not None]
    for step in shown:
        cell = page.get_by_test_id(f"step-{step['stage_code']}").get_by_test_id("standardized")
        expect(cell).to_contain_text(percent(step["standardized_rate"]))
    expect(page.get_by_test_id("answer-standardized")).to_contain_text(
        percent(weakest(shown)["standardized_rate"], 0)
    )
    choose(page, "account", "all")
    expect(page.get_by_test_id("standardized")).to_have_count(0)


def test_a_cohort_whose_window_is_open_is_drawn_apart(watched, marts):
    page = watched.open(FUNNEL)
    [cohorts] = marts.ask(
        """
        select count(*) as cohorts_count
        from {rpt_funnel_cohorts}
        where account_id = 'all' and program_id = 'all' and cohort_month <> 'all'
            and denominator_count > 0 and not is_mature and stage_code in (
                select stage_code from {dim_stages}
                where dated_by = 'fct_enrollment_journeys' and stage_code <> 'enrolled'
            )
        """
    )
    expect(page.locator("svg g.open")).to_have_count(cohorts["cohorts_count"])


def test_the_stands_are_those_of_the_newest_month_that_is_over(watched, marts):
    page = watched.open(STANDS)
    for account in ("all", *[account["account_id"] for account in marts.accounts()[2:5]]):
        choose(page, "account", account)
        rows = marts.ask(
            """
            select newest.*, before.stock_count as before_count
            from {rpt_funnel_periods} as newest
            left join {rpt_funnel_periods} as before
                on newest.account_id = before.account_id and newest.stage_code = before.stage_code
                and before.month = newest.month - interval 1 year
            where newest.account_id = ?
                and newest.month = (select max(month) from {rpt_funnel_periods} where is_mature)
            order by newest.stage_order
            """,
            account,
        )
        names = ("stock_count", "before_count", "entries_count", "advanced_count", "left_count")
        for row in rows:
            cells = page.get_by_test_id(f"stand-{row['stage_code']}").locator("td.right")
            expect(cells).to_have_text([count(row[name]) for name in names])
    choose(page, "stage", "completed")
    expect(page.locator("#months")).to_contain_text("Completed")
    asked = parse_qs(urlparse(page.url).query)
    assert asked["stage"] == ["completed"]


def test_a_choice_can_be_made_with_the_keyboard(watched):
    page = watched.open(STANDS)
    select = page.get_by_test_id("choice-stage")
    expect(select).to_have_value("engaged")
    expect(page.locator("#months")).to_contain_text("Engaged")
    select.focus()
    page.keyboard.press("ArrowDown")
    expect(select).to_have_value("completed")
    expect(page.locator("#months")).to_contain_text("Completed")


def test_the_newest_cohort_shows_what_it_reached_within_its_window(watched, marts):
    page = watched.open(FUNNEL)
    step = weakest(marts.steps("all", "all"))
    [newest] = marts.ask(
        """
        select * from {rpt_funnel_cohorts}
        where account_id = 'all' and program_id = 'all' and cohort_month <> 'all'
            and stage_code = ? and is_mature and denominator_count > 0
        order by cohort_month desc
        limit 1
        """,
        step["stage_code"],
    )
    expect(page.get_by_test_id("newest-rate")).to_have_text(
        with_interval(newest["mature_rate"], newest["mature_ci_low"], newest["mature_ci_high"], 0)
    )


def test_hostile_names_are_shown_as_text_and_run_nothing(demo_release, watched, marts):
    names = {account["name"] for account in marts.accounts()}
    page = watched.open(FUNNEL)
    options = page.get_by_test_id("choice-account").locator("option").all_inner_texts()
    assert set(options) == {*(" ".join(name.split()) for name in names), "All accounts"}
    for path in pages(demo_release):
        page = watched.open(path)
        for plot in page.locator("figure > div").all():
            plot.hover()
        assert page.locator("article script, article img, article iframe, article b").count() == 0


def test_the_policy_refuses_other_hosts(browser, base):
    page = browser.new_page()
    page.goto(base + "/")
    refused = page.evaluate(
        "() => fetch('http://192.0.2.1/').then(() => 'sent', (error) => error.message)"
    )
    assert refused == "Failed to fetch"
    [policy] = page.evaluate(
        "() => fetch('/').then((answer) => [answer.headers.get('content-security-policy')])"
    )
    assert "connect-src 'self'" in policy
    page.close()


def test_the_tools_of_the_page_builder_are_not_published(demo_release):
    site = demo_release / "site"
    for name in ("explore", "settings", "fix-tprotocol-service-worker.js", "api/settings.json"):
        assert not (site / name).exists()


def test_a_chosen_account_fits_on_a_phone(watched, marts):
    watched.page.set_viewport_size({"width": 390, "height": 844})
    for path in (FUNNEL, BOTTLENECK):
        page = watched.open(f"{path}?account={marts.accounts()[-1]['account_id']}")
        expect(page.get_by_role("status").filter(has_text="Reading")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
