"""What the browser tests of the site share: the tables, a watched page, how numbers look."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from urllib.parse import urljoin

import duckdb
import pytest
import uvicorn
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from orchestration.serve import create_app
from orchestration.site import REPORTS_DIR

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No other host is reached, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
AXE = REPORTS_DIR / "node_modules" / "axe-core" / "axe.min.js"
FUNNEL = "/where-do-we-lose-learners/"
STANDS = "/where-does-everybody-stand/"
SIGNALS = "/which-early-signals-matter/"
BOTTLENECK = "/what-is-the-bottleneck-and-who-acts/"
PROFIT = "/which-accounts-make-money/"
COST = "/what-does-it-cost-to-serve/"
TIERS = "/who-is-tier-1-when-profit-counts/"
OPERATIONS = "/how-do-the-functions-perform/"
OUTCOMES = "/do-people-stay-move-and-get-promoted-more/"
RETURN = "/what-came-back-for-the-money/"
RENEWALS = "/will-they-renew-and-why/"
CASE = "/the-renewal-case/"
STORY = "/where-does-the-story-break/"
FORECASTS = "/how-good-were-our-forecasts/"
MINUTE = 60_000
MISSING = DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"

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
        """The learner's journey: counted in enrollments, the first stage without a step to it."""
        stages = self.ask(
            """
            select facts.*, stages.needs_previous
            from {rpt_funnel_cohorts} as facts
            inner join {dim_stages} as stages on facts.stage_code = stages.stage_code
            where facts.account_id = ? and facts.program_id = ? and facts.cohort_month = 'all'
                and facts.is_supplied and stages.dated_by = 'fct_enrollment_journeys'
            order by facts.stage_order
            """,
            account,
            program,
        )
        for name in ("mature_rate", "mature_numerator_count", "mature_denominator_count"):
            stages[0][name] = None
        return stages

    def way_in(self, account: str) -> list[dict]:
        """The steps to an enrollment, counted in spells of eligibility."""
        return self.ask(
            """
            select facts.*
            from {rpt_funnel_cohorts} as facts
            where facts.account_id = ? and facts.program_id = 'all' and facts.cohort_month = 'all'
                and facts.stage_code in ('aware', 'applied', 'enrolled')
            order by facts.stage_order
            """,
            account,
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
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._response)
        page.on("dialog", self._dialog)

    def _request(self, request) -> None:
        if not request.url.startswith((urljoin(self.base, "/"), "data:", "blob:")):
            self.outside.append(request.url)

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


@contextmanager
def serving(release: Path) -> Iterator[str]:
    """The address at which the project's own server shows a release's site."""
    config = uvicorn.Config(create_app(release.parent), port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/{release.name}/site"
    server.should_exit = True
    thread.join()


def copied(release: Path, folder: Path) -> Path:
    """A release with the site of another, whose files may be changed; it is alone in its folder."""
    copy = folder / release.name
    # The server would send the compressed twin of a file, and not what a test makes of it.
    shutil.copytree(
        release / "site",
        copy / "site",
        ignore=shutil.ignore_patterns("*.gz"),
        copy_function=shutil.copyfile,
    )
    for path in [copy, *copy.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
    write_versions(folder, [listed(release)])
    return copy


def listed(release: Path, **changes: str) -> dict[str, str]:
    """What versions.json says of a release."""
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    names = ("release_id", "as_of_date", "created_at")
    version = {**{name: manifest[name] for name in names}, **changes}
    return {**version, "url": f"/{version['release_id']}/site/"}


def write_versions(releases_dir: Path, versions: list[dict[str, str]]) -> None:
    """Say which releases there are, the newest first; it is the latest."""
    content = {"latest": versions[0]["release_id"], "releases": versions}
    (releases_dir / "versions.json").write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture(scope="module")
def base(demo_release):
    """The address of the release's site."""
    with serving(demo_release) as address:
        yield address


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


@contextmanager
def watching(browser: BrowserContext, base: str) -> Iterator[Watched]:
    """A page that must do nothing wrong, nor ask anything of another host, until it is closed."""
    page = browser.new_page()
    watched = Watched(page, base)
    yield watched
    watched.is_leaving = True
    page.close()
    assert watched.outside == []
    assert watched.problems == []
    assert watched.dialogs == []


@pytest.fixture
def watched(browser: BrowserContext, base):
    with watching(browser, base) as page:
        yield page


def axe_violations(page: Page) -> list[str]:
    """What axe holds to be a serious or critical obstacle on a page, with the first elements."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "() => axe.run(document, { resultTypes: ['violations'] }).then((told) => told.violations)"
    )
    return [
        f"{violation['id']} ({violation['help']}): "
        + "; ".join(node["html"][:160] for node in violation["nodes"][:3])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]


def pages(release: Path) -> list[str]:
    """The pages of a release's site; of those that each account has, the first and the last."""
    site = release / "site"
    found = sorted(path.parent.relative_to(site).as_posix() for path in site.rglob("index.html"))
    of_accounts = [path for path in found if path.startswith("accounts/")]
    found = [path for path in found if path not in of_accounts[1:-1]]
    return ["/" if path == "." else f"/{path}/" for path in found]


def count(value) -> str:
    return MISSING if value is None else f"{value:,.0f}"


def percent(value: float | None, decimals: int = 1) -> str:
    """Round as the page does: halves up, on the exact binary value."""
    if value is None:
        return MISSING
    places = Decimal(1).scaleb(-decimals)
    return f"{Decimal(value * 100).quantize(places, ROUND_HALF_UP)}%"


def number(value: float | None, decimals: int = 2) -> str:
    """Round as the page does; below zero with a true minus."""
    if value is None:
        return MISSING
    places = Decimal(1).scaleb(-decimals)
    return str(Decimal(value).quantize(places, ROUND_HALF_UP)).replace("-", "\N{MINUS SIGN}")


def amount(value: Decimal | None, decimals: int = 0) -> str:
    """Write money as a table of the pages does."""
    if value is None:
        return MISSING
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded:,}".replace("-", MINUS) if rounded else f"{abs(rounded)}"


def money(value: Decimal, currency: str) -> str:
    """Write money as a sentence of the pages does: three digits."""
    size = abs(Decimal(value))
    unit, sign = (10**6, "M") if size >= 999_500 else (1000, "k") if size >= 999.5 else (1, "")
    scaled = size / unit
    decimals = 0 if not sign or scaled >= 99.95 else 1 if scaled >= 9.995 else 2
    rounded = scaled.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{currency} {MINUS if value < 0 and rounded else ''}{rounded}{sign}"


def with_range(value: float, low: float, high: float, decimals: int = 2) -> str:
    return f"{number(value, decimals)} ({number(low, decimals)}{DASH}{number(high, decimals)})"


def points(value: float) -> str:
    """A difference of two rates in points, with its sign."""
    size = number(abs(value) * 100, 0)
    return size if size == "0" else ("\N{MINUS SIGN}" if value < 0 else "+") + size


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
    """The narrowest step; mobility is an outcome and not asked."""
    observed = [
        step for step in steps if step["needs_previous"] and step["mature_denominator_count"]
    ]
    return min(observed, key=lambda s: (s["mature_rate"], s["stage_order"]), default=None)


def choose(page: Page, name: str, value: str) -> None:
    page.get_by_test_id(f"choice-{name}").select_option(value=value)
