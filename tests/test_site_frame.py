"""What every page has around it: which release it is, the menu, downloads, paper, the keyboard."""

import csv
import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urljoin

import duckdb
import pytest
from playwright.sync_api import Page, expect
from site_browser import (
    BOTTLENECK,
    CASE,
    COST,
    FORECASTS,
    FUNNEL,
    OPERATIONS,
    OUTCOMES,
    PROFIT,
    RENEWALS,
    RETURN,
    SIGNALS,
    STANDS,
    STORY,
    TIERS,
    copied,
    expect_steps,
    listed,
    serving,
    watching,
    write_versions,
)

from orchestration.site import REPORTS_DIR

OLD, NEW = "20200101T020000Z-0a1b2c3d", "20990101T020000Z-4e5f6a7b"
TABLE_PAGES = (
    *(FUNNEL, STANDS, SIGNALS, BOTTLENECK, PROFIT, COST, TIERS),
    *(OPERATIONS, OUTCOMES, RETURN, RENEWALS, CASE, STORY, FORECASTS),
)
# How a name could make a spreadsheet compute, and how the file writes it.
HOSTILE = {
    "=1+1": "'=1+1",
    "+1": "'+1",
    "-1": "'-1",
    "@SUM(A1)": "'@SUM(A1)",
    '\t=cmd|"/c calc"!A0': "'\t'=cmd|\"/c calc\"!A0",
    'Harmless, "quoted"': 'Harmless, "quoted"',
    "Cut;=1+1": "Cut;'=1+1",
}


def renamed(release: Path, folder: Path, release_id: str) -> None:
    """Lay the site of a release out as that of another, with its address and id in every text."""
    source = release / "site"
    texts = {".html", ".js", ".css", ".json", ".webmanifest"}
    for path in source.rglob("*"):
        target = folder / release_id / "site" / path.relative_to(source)
        if path.is_dir() or path.suffix == ".gz":
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in texts:
            content = path.read_bytes().replace(release.name.encode(), release_id.encode())
            target.write_bytes(content)
            continue
        try:
            target.hardlink_to(path)
        except OSError:  # another disk
            shutil.copyfile(path, target)


@pytest.fixture(scope="module")
def shelf(demo_release, tmp_path_factory):
    """The release among an older and a newer one: the address of its site."""
    folder = tmp_path_factory.mktemp("shelf")
    for release_id in (OLD, demo_release.name, NEW):
        renamed(demo_release, folder, release_id)
    versions = [
        listed(demo_release, release_id=NEW, as_of_date="2098-12-31"),
        listed(demo_release),
        listed(demo_release, release_id=OLD, as_of_date="2019-12-31"),
    ]
    write_versions(folder, versions)
    with serving(folder / demo_release.name) as address:
        yield address


@pytest.fixture
def shelved(browser, shelf):
    with watching(browser, shelf) as page:
        yield page


def visit(page: Page, link) -> None:
    """Follow a link and wait for where it leads."""
    link.click()
    page.wait_for_load_state("networkidle")


def test_an_old_release_warns_and_leads_to_the_same_page_with_its_choice(
    demo_release, shelf, shelved, marts
):
    account = marts.accounts()[0]["account_id"]
    page = shelved.open(f"{FUNNEL}?account={account}")
    expect(page.get_by_test_id("version-this")).to_have_text(demo_release.name)
    expect(page.get_by_test_id("version-warning")).to_contain_text("31 December 2098")
    menu = page.get_by_test_id("versions")
    menu.locator("summary").click()
    expect(menu.locator("a")).to_contain_text(
        ["As of 31 December 2098, the latest", "As of 31 December 2019"]
    )
    there = f"{FUNNEL}?account={account}"
    root = urljoin(shelf, "/")
    shelved.is_leaving = True
    visit(page, page.get_by_test_id(f"version-{OLD}"))
    assert page.url == f"{root}{OLD}/site{there}"
    expect(page.get_by_test_id("version-this")).to_have_text(OLD)
    expect(page.get_by_test_id("choice-account")).to_have_value(account)
    expect_steps(page, marts.steps(account, "all"))
    visit(page, page.get_by_role("link", name="Read this page there"))
    assert page.url == f"{root}{NEW}/site{there}"
    expect(page.get_by_test_id("versions")).to_be_visible()
    expect(page.get_by_test_id("version-warning")).to_have_count(0)
    expect_steps(page, marts.steps(account, "all"))


def test_links_stay_within_their_release(shelf, shelved):
    page = shelved.open("/")
    hrefs = page.evaluate("[...document.querySelectorAll('main a, header a')].map((a) => a.href)")
    assert len(hrefs) > 14
    assert [href for href in hrefs if not href.startswith(f"{shelf}/")] == []


def test_a_choice_that_is_made_later_goes_along(shelf, shelved, marts):
    account = marts.accounts()[0]["account_id"]
    page = shelved.open(FUNNEL)
    page.get_by_test_id("choice-account").select_option(value=account)
    expect(page).to_have_url(re.compile(re.escape(f"?account={account}")))
    shelved.is_leaving = True
    visit(page, page.get_by_role("link", name="Read this page there"))
    assert page.url == f"{urljoin(shelf, '/')}{NEW}/site{FUNNEL}?account={account}"


def test_after_a_rollback_the_withdrawn_release_warns(demo_release, shelf, browser):
    versions = [listed(demo_release), listed(demo_release, release_id=OLD, as_of_date="2019-12-31")]
    with watching(browser, shelf) as watched:
        told = json.dumps({"latest": OLD, "releases": versions})
        watched.page.route("**/versions.json", lambda route: route.fulfill(body=told))
        page = watched.open("/")
        expect(page.get_by_test_id("version-warning")).to_contain_text("31 December 2019")


def test_where_no_other_release_is_known_a_page_says_only_its_own(demo_release, browser, shelf):
    page = browser.new_page()
    page.route("**/versions.json", lambda route: route.abort())
    page.goto(f"{shelf}{FUNNEL}", wait_until="networkidle")
    expect(page.get_by_test_id("version-this")).to_have_text(demo_release.name)
    expect(page.get_by_test_id("choice-account")).to_be_enabled()
    expect(page.get_by_test_id("versions")).to_have_count(0)
    expect(page.get_by_test_id("version-warning")).to_have_count(0)
    page.close()


def test_a_page_that_a_release_lacks_leads_to_the_front(browser, base):
    page = browser.new_page()
    answer = page.goto(f"{base}/no-such-page/")
    assert answer.status == 404
    assert page.get_by_role("link").get_attribute("href") == "/"
    page.close()


def test_before_any_script_runs_the_menu_opens_and_leads(browser, base):
    page = browser.new_page()
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"{base}/")
    menu = page.get_by_role("navigation").locator("details").first
    link = menu.locator(f'a[href$="{FUNNEL}"]')
    expect(link).not_to_be_visible()
    menu.locator("summary").click()
    link.click()
    expect(page).to_have_url(f"{base}{FUNNEL}")
    current = page.locator("nav [aria-current]")
    expect(current).to_have_count(2)
    assert current.nth(0).evaluate("(element) => element.tagName") == "SUMMARY"
    assert current.nth(1).get_attribute("aria-current") == "page"
    page.close()


def test_every_page_is_in_the_menu_once(watched):
    page = watched.open("/")
    menu = page.evaluate("[...document.querySelectorAll('nav a')].map((a) => a.href)")
    asked = [f"{watched.base}{path}" for path in ("/", *TABLE_PAGES)]
    assert [menu.count(href) for href in asked] == [1] * len(asked)
    summaries = page.locator("nav summary")
    summaries.nth(0).click()
    expect(page.locator("nav details[open]")).to_have_count(1)
    summaries.nth(1).click()
    expect(page.locator("nav details[open]")).to_have_count(1)
    page.locator("h1").click()
    expect(page.locator("nav details[open]")).to_have_count(0)


FOCUSED = """
() => {
    const at = document.activeElement;
    const box = at.getBoundingClientRect();
    const shown = box.right > 0 && box.bottom > 0 && getComputedStyle(at).outlineStyle !== 'none';
    return [at.tagName, at.innerText.trim().split('\\n')[0], shown];
}
"""


def test_the_keyboard_reaches_the_report_the_menu_and_the_choices(watched):
    page = watched.open(FUNNEL)
    expect(page.get_by_test_id("choice-account")).to_be_enabled()

    def press(key: str) -> list:
        page.keyboard.press(key)
        return page.evaluate(FOCUSED)

    assert press("Tab") == ["A", "Skip to the report", True]
    assert press("Tab")[:2] == ["A", "Throughline"]
    assert press("Tab")[:2] == ["A", "Overview"]
    assert press("Tab") == ["SUMMARY", "Learners", True]
    page.keyboard.press("Enter")
    assert press("Tab") == ["A", "Where do we lose learners?", True]
    assert press("Escape")[:2] == ["SUMMARY", "Learners"]
    assert press("Tab")[:2] == ["SUMMARY", "Outcomes"]
    reached = [press("Tab") for _ in range(9)]
    assert all(shown for *_, shown in reached), reached
    assert [tag for tag, *_ in reached if tag in ("BUTTON", "SELECT")][:2] == ["BUTTON", "SELECT"]

    page = watched.open(FUNNEL)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_it_prints_without_what_only_a_screen_needs(watched):
    """That nothing is cut off on paper is told of every page, where every page is opened."""
    watched.page.emulate_media(media="print", color_scheme="dark")
    page = watched.open(FUNNEL)
    assert page.get_by_test_id(re.compile("^download-")).count() > 0
    for gone in ("nav", "header button", "aside details", '[data-testid^="download-"]'):
        assert not any(found.is_visible() for found in page.locator(gone).all()), gone
    expect(page.get_by_test_id("version-this")).to_be_visible()
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"


def downloaded(page: Page, name: str) -> tuple[str, list[list[str]]]:
    """The name and the lines of a table's file."""
    with page.expect_download() as waiting:
        page.get_by_test_id(f"download-{name}").click()
    content = Path(waiting.value.path()).read_bytes().decode("utf-8")
    assert content.endswith("\r\n")
    return waiting.value.suggested_filename, list(csv.reader(io.StringIO(content, newline="")))


def test_a_downloaded_table_equals_the_mart_and_no_name_in_it_is_a_formula(
    demo_release, browser, marts, tmp_path
):
    copy = copied(demo_release, tmp_path)
    [tables] = copy.glob("site/data/**/mart.duckdb")
    accounts = [account["account_id"] for account in marts.accounts()]
    names = dict(zip(accounts, HOSTILE, strict=False))
    with duckdb.connect(tables) as connection:
        for account, name in names.items():
            connection.execute(
                "update dim_accounts set name = ? where account_id = ?", [name, account]
            )
    for answers in copy.glob("site/api/**/all-queries.json"):
        answers.write_text("{}")  # answers from before: the page asks again
    with serving(copy) as address, watching(browser, address) as watched:
        page = watched.open(FUNNEL)
        renamed_row = page.get_by_test_id(f"by-account-{accounts[0]}").first
        page.locator("article summary").first.click()
        expect(renamed_row.locator("th")).to_have_text(names[accounts[0]])
        file, [header, *lines] = downloaded(page, "journey_by_account")
    assert file == f"journey_by_account_{demo_release.name}.csv"
    rows = [dict(zip(header, line, strict=True)) for line in lines]
    assert len(rows) == len({row["key"] for row in rows})
    alike = [
        {
            step["stage_code"]: step["mature_rate"]
            for step in marts.steps(row["key"], "all")
            if step["mature_numerator_count"] == int(row["numerator"])
            and step["mature_denominator_count"] == int(row["denominator"])
        }
        for row in rows
    ]
    [stage] = set.intersection(*map(set, alike))  # the step that all rows are of
    for row, rates in zip(rows, alike, strict=True):
        assert float(row["rate"]) == pytest.approx(rates[stage], rel=1e-12)
        if row["key"] in names:
            assert row["name"] == HOSTILE[names[row["key"]]]
        assert row["name"][0] not in "=+-@\t\r"


def test_a_file_says_exactly_what_its_rows_say():
    rows = [
        {"name": name, "share": -0.5, "is_shown": True, "none": None, "not_asked": 1}
        for name in [*HOSTILE, "two\nlines", "", "-0.5"]
    ]
    columns = ["name", "share", "is_shown", "none"]
    script = (
        "import { toCsv } from '%s'; process.stdout.write(toCsv(...JSON.parse(process.argv[1])));"
    )
    written = subprocess.run(
        [
            *("node", "--input-type=module", "-e"),
            script % (REPORTS_DIR / "components" / "csv.js").as_uri(),
            json.dumps([rows, columns]),
        ],
        capture_output=True,
        check=True,
    ).stdout.decode()
    header, *lines = csv.reader(io.StringIO(written, newline=""))
    assert header == columns
    assert lines == [
        [name, "-0.5", "true", ""] for name in [*HOSTILE.values(), "two\nlines", "", "'-0.5"]
    ]


def test_every_page_has_its_tables_as_files_and_none_from_the_page_builder():
    for path in TABLE_PAGES:
        page = (REPORTS_DIR / "pages" / f"{path.strip('/')}.md").read_text(encoding="utf-8")
        assert "<Download data=" in page, path
    # The page builder's own download writes a formula as it is.
    for page in (REPORTS_DIR / "pages").rglob("*.md"):
        for table in re.findall(r"<DataTable[^>]*>", page.read_text(encoding="utf-8")):
            assert "downloadable=false" in table, (page.name, table)
