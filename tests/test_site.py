"""The built site in a real browser: it shows the release's numbers, and talks to nobody else."""

import json
import shutil
import threading
import time
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import duckdb
import pytest
import uvicorn
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from orchestration.serve import create_app

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FUNNEL = "/where-do-we-lose-learners/"
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
MINUTE = 60_000
MISSING = DASH = "\N{EN DASH}"

# A busy machine may need seconds for the first answer of the database in the page.
expect.set_options(timeout=MINUTE)


class Marts:
    """The release's tables, asked with SQL: {table} is its Parquet file."""

    def __init__(self, release: Path) -> None:
        self.folder = release / "marts"

    def ask(self, query: str, *values) -> list[dict]:
        files = {
            path.stem: "read_parquet('{}')".format(str(path).replace("'", "''"))
            for path in self.folder.glob("*.parquet")
        }
        with duckdb.connect() as connection:
            cursor = connection.execute(query.format_map(files), list(values))
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def steps(self, account: str, program: str) -> list[dict]:
        return self.ask(
            """
            select * from {rpt_funnel_cohorts}
            where account_id = ? and program_id = ? and cohort_month = 'all' and is_supplied
            order by stage_order
            """,
            account,
            program,
        )

    def accounts(self) -> list[dict]:
        """The accounts that the report knows, with their current name."""
        return self.ask(
            """
            select facts.account_id, coalesce(any_value(accounts.name), facts.account_id) as name
            from {rpt_funnel_cohorts} as facts
            left join {dim_accounts} as accounts
                on facts.account_id = accounts.account_id and accounts.is_current
            where facts.account_id <> 'all'
            group by facts.account_id
            order by facts.account_id
            """
        )


class Watched:
    """A page of the site, and all that it did."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.outside: list[str] = []
        self.problems: list[str] = []
        self.dialogs: list[str] = []
        self.is_leaving = False
        page.route("**/*", self._let_through_or_abort)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._response)
        page.on("dialog", self._dialog)

    def _let_through_or_abort(self, route) -> None:
        url = route.request.url
        if url.startswith((self.base + "/", "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(url)
            route.abort()

    def _failed(self, request) -> None:
        # Leaving a page cancels what it was still reading; that is no failure.
        if not (self.is_leaving and request.failure == "net::ERR_ABORTED"):
            self.problems.append(f"failed: {request.url} {request.failure}")

    def _console(self, message) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def _response(self, response) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")

    def _dialog(self, dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def open(self, path: str) -> Page:
        self.is_leaving = True
        self.page.goto(self.base + path)
        self.is_leaving = False
        self.page.wait_for_load_state("networkidle")
        return self.page


@pytest.fixture(scope="module")
def marts(demo_release):
    return Marts(demo_release)


@pytest.fixture(scope="module")
def base(demo_release):
    """The address at which the project's own server shows the release's site."""
    config = uvicorn.Config(create_app(demo_release / "site"), port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if not Path(CHROMIUM).exists():
        pytest.fail("The browser test needs chromium: `make test` installs it")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=CHROMIUM,
            headless=True,
            args=ARGUMENTS,
            viewport={"width": 1280, "height": 900},
        )
        context.set_default_timeout(MINUTE)
        yield context
        context.close()


@pytest.fixture
def watched(browser: BrowserContext, base):
    page = browser.new_page()
    watched = Watched(page, base)
    yield watched
    watched.is_leaving = True
    page.close()
    assert watched.outside == []
    assert watched.problems == []
    assert watched.dialogs == []


def pages(release: Path) -> list[str]:
    site = release / "site"
    found = sorted(path.parent.relative_to(site).as_posix() for path in site.rglob("index.html"))
    return ["/" if path == "." else f"/{path}/" for path in found]


def count(value) -> str:
    return MISSING if value is None else f"{value:,.0f}"


def percent(value: float | None, decimals: int = 1) -> str:
    """Round as the page does: halves up, on the exact binary value."""
    if value is None:
        return MISSING
    places = Decimal(1).scaleb(-decimals)
    return f"{Decimal(value * 100).quantize(places, ROUND_HALF_UP)}%"


def with_interval(rate: float, low: float, high: float, decimals: int = 1) -> str:
    from_, to = percent(low, decimals).removesuffix("%"), percent(high, decimals)
    return f"{percent(rate, decimals)} ({from_}{DASH}{to})"


def expect_steps(page: Page, steps: list[dict]) -> None:
    """Check every row of the table of steps, and of the table of times, against the mart."""
    for step in steps:
        row = page.get_by_test_id(f"step-{step['stage_code']}")
        expect(row.get_by_test_id("reached")).to_have_text(count(step["reached_count"]))
        if step["mature_rate"] is not None:
            observed = (step["mature_numerator_count"], step["mature_denominator_count"])
            expect(row.get_by_test_id("observed")).to_have_text(
                f"{count(observed[0])} of {count(observed[1])}"
            )
            expect(row.get_by_test_id("rate")).to_have_text(
                with_interval(step["mature_rate"], step["mature_ci_low"], step["mature_ci_high"])
            )
    for step in steps[1:]:
        cells = page.get_by_test_id(f"time-{step['stage_code']}").locator("td")
        names = ("p25_days", "median_days", "p75_days", "p90_days")
        expect(cells).to_have_text([count(step[name]) for name in names])


def weakest(steps: list[dict]) -> dict | None:
    observed = [step for step in steps if step["mature_denominator_count"]]
    return min(observed, key=lambda s: (s["mature_rate"], s["stage_order"]), default=None)


def choose(page: Page, name: str, value: str) -> None:
    page.get_by_test_id(f"choice-{name}").select_option(value=value)


def test_every_page_opens_without_an_error_and_stays_on_this_machine(demo_release, watched):
    assert FUNNEL in pages(demo_release)
    for path in pages(demo_release):
        page = watched.open(path)
        for folded in page.locator("summary").all():
            folded.click()
        text = page.inner_text("body")
        assert [error for error in ERROR_TEXTS if error in text] == [], path
        assert page.locator("h1").count() == 1
        manifest = json.loads((demo_release / "manifest.json").read_text())
        expect(page.get_by_test_id("release-id")).to_have_text(manifest["release_id"])


def test_the_built_pages_carry_their_numbers_before_any_script_runs(demo_release, marts):
    enrolled = marts.steps("all", "all")[0]
    for path in ("site/index.html", f"site{FUNNEL}index.html"):
        assert count(enrolled["reached_count"]) in (demo_release / path).read_text()


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


def test_the_front_page_says_what_was_loaded_and_what_is_missing(watched, marts):
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
    for stage in marts.ask("select title from {dim_stages} where not is_supplied"):
        expect(page.get_by_test_id("missing")).to_contain_text(stage["title"].lower())


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
    for account in accounts:
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


def test_a_cohort_whose_window_is_open_is_drawn_apart(watched, marts):
    page = watched.open(FUNNEL)
    [cohorts] = marts.ask(
        """
        select count(*) as cohorts_count
        from {rpt_funnel_cohorts}
        where account_id = 'all' and program_id = 'all' and cohort_month <> 'all'
            and denominator_count > 0 and not is_mature
        """
    )
    expect(page.locator("svg g.open")).to_have_count(cohorts["cohorts_count"])


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


def test_hostile_names_are_shown_as_text_and_run_nothing(watched, marts):
    names = {account["name"] for account in marts.accounts()}
    page = watched.open(FUNNEL)
    options = page.get_by_test_id("choice-account").locator("option").all_inner_texts()
    assert set(options) == {*(" ".join(name.split()) for name in names), "All accounts"}
    for path in ("/", FUNNEL):
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


@pytest.mark.parametrize("path", ["/", FUNNEL])
def test_it_fits_on_a_phone(watched, path):
    watched.page.set_viewport_size({"width": 390, "height": 844})
    page = watched.open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_keeps_its_contrast(watched, scheme):
    """At least 4.5 to 1 between the page and its ink, its quiet text and its accent."""
    watched.page.emulate_media(color_scheme=scheme)
    page = watched.open("/")
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)
    style = "(name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()"
    paper = luminance(page.evaluate(style, "--paper"))
    for name in ("--ink", "--muted", "--teal"):
        other = luminance(page.evaluate(style, name))
        lighter, darker = max(paper, other), min(paper, other)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, name


def luminance(colour: str) -> float:
    """Relative luminance of a colour like #0b6e6e, as WCAG 2 defines it."""
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
