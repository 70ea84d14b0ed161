"""The pages on trust, words and changes: each says what the marts and the changes say."""

import csv
import io
import json
import re
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Page, expect
from site_browser import (
    DASH,
    choose,
    copied,
    count,
    pages,
    percent,
    serving,
    watching,
)
from site_fixture import ACCOUNT_NAME, MANIFEST, write_release

from orchestration.site_export import export_tables

CHANGED = "/what-changed-since-the-last-release/"
WORDS = "/what-do-these-words-mean/"
TRUST = "/can-i-trust-this/"

HOSTILE = "<img src=x onerror=alert(1)> late"
EARLIER = ("20260531T020000Z-fedcba12", "2026-05-31")
COLUMNS = (
    *("metric_code", "title", "account_id", "period_grain", "period_start", "period_end", "unit"),
    *("old_value", "new_value", "absolute_change", "relative_change", "cause", "detail"),
    *("is_suppressed", "earlier_release_id"),
)

# Of each metric its code, then what stands under these names.
SAID_OF_METRICS = """
() => [...document.querySelectorAll('article section[id]')].map((part) => [
    part.id,
    ...['title', 'definition', 'formula', 'unit', 'function', 'standard'].map(
        (name) => part.querySelector(`[data-testid=${name}]`).innerText
    )
])
"""


def change(metric: str, title: str, old, new, cause: str, unit="share", **values) -> dict:
    """A row of changes: of all accounts and all cohorts, unless said."""
    known = old is not None and new is not None
    row = {
        "metric_code": metric,
        "title": title,
        "account_id": "all",
        "period_grain": "all",
        "period_start": "1900-01-01",
        "period_end": "2026-06-30",
        "unit": unit,
        "old_value": old,
        "new_value": new,
        "absolute_change": new - old if known else None,
        "relative_change": (new - old) / abs(old) if known and old else None,
        "cause": cause,
        "detail": "3 rows of enrollment",
        "is_suppressed": False,
        "earlier_release_id": EARLIER[0],
    }
    return {**row, **values}


def changes_of(account: str) -> list[dict]:
    """One change of each cause at least, at all accounts and at one."""
    june = {"period_grain": "month", "period_start": "2026-06-01"}
    return [
        change("completion_rate", "Completion rate", 0.5, 0.52, "late_data", detail=HOSTILE),
        change("grr", "Gross revenue retention", 0.9, 0.8, "definition_change"),
        change("on_time_rate", "Work on time", None, 0.75, "new_period", **june),
        change("backlog", "Backlog", 0.0, 12.0, "correction", "items", **june),
        change("backlog", "Backlog", 40.0, 30.0, "correction", "items", **june, account_id=account),
        change(
            *("net_profit", "Net profit of an account", -1200.0, 3400.0, "late_data"),
            *("reporting currency",),
            account_id=account,
            period_grain="trailing_12_months",
            period_start="2025-07-01",
            is_suppressed=True,
        ),
    ]


def key(row: dict) -> str:
    parts = ("metric_code", "account_id", "period_grain", "period_start")
    return "moves-" + "-".join(row[part] for part in parts)


@pytest.fixture(scope="module")
def account(marts) -> dict:
    """The account with the most hostile name."""
    return max(marts.accounts(), key=lambda each: sum(not c.isalnum() for c in each["name"]))


def after_another(demo_release: Path, folder: Path, rows: list[dict], *statements: str) -> Path:
    """The release, had another one come before it and had these values changed."""
    copy = copied(demo_release, folder)
    [data] = copy.glob("site/data/**/*.duckdb")
    with duckdb.connect(str(data)) as connection:
        connection.execute("delete from changes")
        marks = ", ".join("?" for _ in COLUMNS)
        connection.executemany(
            f"insert into changes ({', '.join(COLUMNS)}) values ({marks})",
            [list(row.values()) for row in rows],
        )
        connection.execute(
            "update release set earlier_release_id = ?, earlier_as_of_date = ?", EARLIER
        )
        for statement in statements:
            connection.execute(statement)
    # Answers baked into the pages are those of the release itself: here the pages ask again.
    for answers in copy.glob("site/api/**/all-queries.json"):
        answers.write_text("{}")
    return copy


@pytest.fixture(scope="module")
def restated(demo_release, account, tmp_path_factory):
    """The address of the release's site, had another release come before it."""
    rows = changes_of(account["account_id"])
    with serving(after_another(demo_release, tmp_path_factory.mktemp("restated"), rows)) as address:
        yield address


@pytest.fixture
def incomparable(browser, demo_release, tmp_path):
    """The site, had the release before kept none of its two published values."""
    rows = [
        change(metric, metric, None, 0.5, "new_period", detail="There is nothing to compare with.")
        for metric in ("completion_rate", "grr")
    ]
    two = (
        "update metric_counts set values_count = 0",
        "update metric_counts set values_count = 1 where metric_code in ('completion_rate', 'grr')",
    )
    with (
        serving(after_another(demo_release, tmp_path, rows, *two)) as address,
        watching(browser, address) as page,
    ):
        yield page


@pytest.fixture
def later(browser, restated):
    with watching(browser, restated) as page:
        yield page


def shown(page: Page) -> set[str]:
    expect(page.get_by_role("status").filter(has_text="Reading")).to_have_count(0)
    rows = page.locator("[data-testid='moves'] tbody tr").all()
    return {row.get_attribute("data-testid") for row in rows}


def test_each_cause_is_counted_and_those_that_moved_nothing_say_so(later, account):
    page = later.open(CHANGED)
    rows = changes_of(account["account_id"])
    expect(page.get_by_test_id("changes-count")).to_have_text(count(len(rows)))
    expect(page.get_by_test_id("releases")).to_contain_text(EARLIER[0])
    expect(page.get_by_test_id("releases")).to_contain_text("31 May 2026")
    for cause in ("new_period", "late_data", "correction", "definition_change"):
        number = sum(row["cause"] == cause for row in rows)
        expect(page.get_by_test_id(f"cause-{cause}").get_by_test_id("count")).to_have_text(
            count(number)
        )
    for metric in {row["metric_code"] for row in rows}:
        number = sum(row["metric_code"] == metric for row in rows)
        bar = page.get_by_test_id(f"bars-{metric}")
        expect(bar.get_by_test_id("count")).to_have_text(count(number))
        expect(bar.locator("th")).to_have_css("overflow-wrap", "normal")


def test_a_move_shows_old_new_change_and_what_moved_it_in_the_metrics_unit(later, account):
    page = later.open(CHANGED)
    choose(page, "metric", "all")
    choose(page, "account", "every")
    rows = {row["metric_code"]: row for row in reversed(changes_of(account["account_id"]))}
    expected = {
        "completion_rate": ("50.0%", "52.0%", "+2.0 points", "+4.0%", "Late data"),
        "grr": ("90.0%", "80.0%", "\N{MINUS SIGN}10.0 points", "\N{MINUS SIGN}11.1%", "Definition"),
        "on_time_rate": (DASH, "75.0%", DASH, DASH, "New period"),
        "backlog": ("0", "12", "+12", DASH, "Correction"),
        "net_profit": ("\N{MINUS SIGN}1,200", "3,400", "+4,600", "+383.3%", "Late data"),
    }
    for metric, texts in expected.items():
        row = page.get_by_test_id(key(rows[metric]))
        names = ("old_value", "new_value", "absolute_change", "relative_change", "cause")
        for name, text in zip(names, texts, strict=True):
            expect(row.get_by_test_id(name)).to_have_text(text)
    completed = page.get_by_test_id(key(rows["completion_rate"]))
    expect(completed.get_by_test_id("detail")).to_have_text(HOSTILE)
    profit = page.get_by_test_id(key(rows["net_profit"]))
    expect(profit.get_by_test_id("account_name")).to_have_text(" ".join(account["name"].split()))
    expect(profit.get_by_test_id("detail")).to_contain_text("not for a report that leaves us")
    first = page.locator("[data-testid='moves'] tbody tr").first
    expect(first).to_have_attribute("data-testid", key(rows["net_profit"]))


def test_cause_metric_and_account_choose_the_moves(later, account):
    page = later.open(CHANGED)
    rows = changes_of(account["account_id"])
    of_all = [row for row in rows if row["account_id"] == "all"]
    headline = ("completion_rate", "grr", "on_time_rate")
    expect(page.get_by_test_id(key(rows[0]))).to_be_visible()
    assert shown(page) == {key(row) for row in of_all if row["metric_code"] in headline}
    choose(page, "metric", "all")
    expect(page.get_by_test_id(key(rows[3]))).to_be_visible()
    assert shown(page) == {key(row) for row in of_all}
    choose(page, "account", account["account_id"])
    expect(page.get_by_test_id(key(rows[4]))).to_be_visible()
    assert shown(page) == {key(rows[4]), key(rows[5])}
    choose(page, "cause", "late_data")
    expect(page.get_by_test_id(key(rows[4]))).to_have_count(0)
    assert shown(page) == {key(rows[5])}
    with page.expect_download() as told:
        page.get_by_test_id("download-changes").click()
    [saved] = csv.DictReader(io.StringIO(Path(told.value.path()).read_text(encoding="utf-8")))
    assert (saved["metric_code"], float(saved["new_value"])) == ("net_profit", 3400)
    choose(page, "cause", "definition_change")
    expect(page.get_by_test_id("no-moves")).to_be_visible()


def test_a_headline_that_changed_is_marked_and_the_front_page_counts_the_causes(later, account):
    page = later.open("/")
    mark = page.get_by_test_id("changed-completion_rate")
    expect(mark).to_contain_text("was 50.0%")
    expect(mark).to_have_attribute("title", HOSTILE)
    expect(mark.get_by_role("link")).to_have_attribute("href", re.compile(f"{CHANGED}$"))
    expect(page.get_by_test_id("changed-engagement_rate")).to_have_count(0)
    expect(page.get_by_test_id("moved")).to_contain_text(
        "6 published values differ from the last release, as of 31 May 2026: 1 of a new period,"
        " 2 by late data, 2 corrected and 1 defined anew."
    )


def test_a_restated_value_and_a_new_definition_are_told_where_one_asks_for_trust(later):
    page = later.open(TRUST)
    expect(page.locator("#restated")).to_contain_text("5 published values were restated")
    expect(page.get_by_test_id("restated-late_data")).to_have_text("2 by late data")
    page = later.open(WORDS)
    expect(page.get_by_test_id("answer")).to_contain_text("one has been defined anew: Gross")
    expect(page.get_by_test_id("word-grr").get_by_test_id("redefined")).to_be_visible()
    expect(page.get_by_test_id("redefined")).to_have_count(1)


def test_where_nothing_is_comparable_each_page_says_so_in_one_sentence(incomparable):
    says = (
        "There is nothing to compare with: the last release, as of 31 May 2026, did not keep these"
        " values."
    )
    page = incomparable.open("/")
    expect(page.get_by_test_id("moved")).to_have_text(says)
    page = incomparable.open(CHANGED)
    expect(page.get_by_test_id("answer")).to_have_text(says)
    expect(page.locator("#causes")).to_have_count(0)
    page = incomparable.open(TRUST)
    expect(page.get_by_test_id("restated")).to_contain_text(says)
    expect(page.locator("#restated")).to_have_text("What has been restated cannot be told")


def test_the_release_says_how_much_changed_or_that_it_is_the_first(watched, demo_release):
    manifest = json.loads((demo_release / "manifest.json").read_text(encoding="utf-8"))
    changes_count = len(duckdb.read_parquet(str(demo_release / "changes.parquet")))
    page = watched.open(CHANGED)
    says = f"{count(changes_count)} published" if changes_count else "no published value"
    if not manifest.get("earlier_release_id"):
        says = "first release"
    expect(page.get_by_test_id("answer")).to_contain_text(says)
    expect(page.get_by_test_id("quoted")).to_be_visible()
    expect(page.get_by_test_id("bars")).to_have_count(min(changes_count, 1))


def test_the_dictionary_says_what_the_metrics_table_says(watched, marts):
    page = watched.open(WORDS)
    metrics = marts.ask(
        """
        select metrics.*, functions.title as function_title
        from {dim_metrics} as metrics
        left join {dim_functions} as functions on metrics.function_code = functions.function_code
        """
    )
    expect(page.get_by_test_id("words-of")).to_have_text(
        f"{len(metrics)} of {len(metrics)} metrics"
    )
    found = {code: texts for code, *texts in page.evaluate(SAID_OF_METRICS)}
    assert found == {
        metric["metric_code"]: [
            metric["title"],
            f"{metric['definition']}.",
            metric["formula"],
            f"{metric['unit']}, {metric['better']} is better",
            metric["function_title"],
            metric["standard_reference"].replace("none", "our own definition"),
        ]
        for metric in metrics
    }
    for stage in marts.ask("select stage_code, definition, is_supplied from {dim_stages}"):
        row = page.get_by_test_id(f"stage-{stage['stage_code']}")
        expect(row.get_by_test_id("definition")).to_have_text(stage["definition"])
        expect(row.get_by_test_id("supplied")).to_contain_text(
            "yes" if stage["is_supplied"] else "no"
        )


def test_a_word_is_found_by_what_is_said_of_it_and_has_an_address(watched, marts):
    page = watched.open(f"{WORDS}#grr")
    expect(page.locator("#grr")).to_be_in_viewport()
    [profit] = marts.ask(
        "select count(*) as n from {dim_metrics} where standard_reference ilike '%Phillips%'"
    )
    page.get_by_test_id("words-search").fill("PHILLIPS")
    expect(page.get_by_test_id("words-of")).to_have_text(re.compile(f"^{profit['n']} of "))
    expect(page.locator("article section[id]")).to_have_count(profit["n"])
    page.get_by_test_id("words-search").fill("no such word at all")
    expect(page.get_by_test_id("nothing")).to_be_visible()


def test_a_metric_leads_to_pages_that_read_its_table(watched, marts, demo_release):
    page = watched.open(WORDS)
    hrefs = page.get_by_test_id("word-grr").get_by_test_id("shown").locator("a")
    paths = {link.get_attribute("href").removeprefix(f"/{demo_release.name}/site")
             for link in hrefs.all()}  # fmt: skip
    assert "/will-they-renew-and-why/" in paths
    assert paths <= set(pages(demo_release))


def test_the_sources_rejects_and_coverage_are_those_of_the_marts(watched, marts):
    page = watched.open(TRUST)
    sources = marts.ask("select * from {rpt_source_health}")
    stale = sum(row["is_supplied"] and row["is_fresh"] is False for row in sources)
    dated = sum(row["is_supplied"] and row["is_fresh"] is not None for row in sources)
    expect(page.get_by_test_id("stale")).to_have_text(f"{stale or 'none'} of {dated} dated sources")
    page.get_by_test_id("sources-of").get_by_role("button").click()
    expect(page.locator("[data-testid='sources'] tbody tr")).to_have_count(len(sources))
    for row in sources:
        shown_row = page.get_by_test_id(f"sources-{row['entity']}")
        counts = ("received", "accepted", "rejected", "duplicate", "corrected", "orphan")
        texts = [count(row[f"{name}_count"]) for name in counts]
        assert shown_row.locator("td").all_inner_texts()[2:] == texts, row["entity"]
    [total] = marts.ask("select count(*) as n, max(rows_count) as most from {rpt_rejected_rows}")
    expect(page.get_by_test_id("rejects-of")).to_contain_text(f"10 of {total['n']}")
    first = page.locator("[data-testid='rejects'] tbody tr").first
    expect(first.get_by_test_id("rows_count")).to_have_text(count(total["most"]))
    [linked] = marts.ask(
        "select count(worker_id) as linked, count(*) as people from {dim_participants}"
    )
    expect(page.locator("#covered")).to_have_text(
        f"{count(linked['linked'])} of {count(linked['people'])} participants"
        " are linked to a worker"
    )
    page.get_by_test_id("coverage-search").fill(marts.accounts()[0]["name"].strip())
    [share] = marts.ask(
        "select count(worker_id) / count(*) as share from {dim_participants} where account_id = ?",
        marts.accounts()[0]["account_id"],
    )
    row = page.get_by_test_id(f"coverage-{marts.accounts()[0]['account_id']}")
    expect(row.get_by_test_id("linked_share")).to_have_text(percent(share["share"]))
    for stage in marts.ask("select title from {dim_stages} where not is_supplied"):
        expect(page.get_by_test_id("missing")).to_contain_text(stage["title"].lower())


def test_tests_and_published_results_are_told_as_they_came_out(watched, marts, demo_release):
    page = watched.open(TRUST)
    tests = json.loads((demo_release / "manifest.json").read_text(encoding="utf-8"))["tests"]
    passed = [test for test in tests if test["status"] == "pass"]
    expect(page.get_by_test_id("tests-passed")).to_have_text(
        f"{count(len(passed))} of {count(len(tests))} tests"
    )
    for test in tests:
        if test not in passed:
            expect(page.get_by_test_id("tests")).to_contain_text(test["name"].replace("_", " "))
    cases = marts.ask("select * from {rpt_validation_cases}")
    found = sum(case["is_passed"] for case in cases)
    expect(page.get_by_test_id("cases-passed")).to_have_text(
        f"{found} of {len(cases)} published results"
    )
    for case in cases[::40]:
        page.get_by_test_id("cases-table-search").fill(case["title"])
        row = page.get_by_test_id(f"cases-table-{case['case_code']}")
        text = row.get_by_test_id("computed").inner_text().replace("\N{MINUS SIGN}", "-")
        assert float(text) == pytest.approx(case["computed"], rel=1e-5)
    [few] = marts.ask(
        """
        select count(*) as n, count(*) filter (where is_suppressed) as few
        from {rpt_metric_values}
        """
    )
    expect(page.locator("#few")).to_contain_text(f"{count(few['few'])} of {count(few['n'])}")


def test_coverage_counts_of_values_and_tests_leave_for_the_pages_and_no_person_does(tmp_path):
    release = write_release(tmp_path / "release")
    tests = [{"name": "nobody_is_lost", "status": "warn", "failures": 3}]
    export_tables(release, {**MANIFEST, "tests": tests}, tmp_path / "data")
    with duckdb.connect(tmp_path / "data/mart/all/mart.duckdb", read_only=True) as connection:

        def read(table: str) -> list[tuple]:
            return connection.execute(f"from {table}").fetchall()

        assert read("build_tests") == [("nobody_is_lost", "warn", 3.0)]
        assert read("metric_counts") == [("first_login", 2.0, 1.0)]
        assert read("participant_links") == [("email", 1.0), ("unlinked", 1.0)]
        assert read("account_coverage") == [("acc-1", ACCOUNT_NAME, True, 2.0, 1.0, 0.5, 1.0)]
        signals = ("first_login", "/which-early-signals-matter/", "Which early signals matter?")
        assert signals in read("metric_pages")
