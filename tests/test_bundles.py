"""The reports for accounts: what is asked for, what is written, what a reader sees in a browser."""

import csv
import json
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from playwright.sync_api import expect
from site_browser import (
    DASH,
    MINUS,
    axe_violations,
    choose,
    count,
    percent,
    serving,
    watching,
    with_interval,
    with_range,
)

from orchestration import bundles
from orchestration.bundle_requests import BundleError, asked_accounts
from orchestration.bundles import build_bundles
from orchestration.check_landing import check_landing

RELEASE, NEWER = "20260701T020000Z-0a1b2c3d", "20260801T020000Z-4e5f6a7b"
# Something of everything; all hidden; no row in any table but its own name.
ACCOUNTS = ("acc-1", "acc-2", "acc-3")
PAGES = (
    "index",
    "where-do-we-lose-learners",
    "do-people-stay-move-and-get-promoted-more",
    "what-came-back-for-the-money",
    "what-do-these-words-mean",
    "can-i-trust-this",
)
HOSTILE = "<script>alert(1)</script> & \u202eSons\u202c"
FORMULA = '=HYPERLINK("https://throughline.example")'
MANIFEST = {
    "release_id": RELEASE,
    "as_of_date": "2026-06-30",
    "created_at": "2026-07-01T02:00:00+00:00",
    "code_version": "0123456789ab",
}
STAGES = (
    ("aware", "Aware", "Eligible", "marketing"),
    ("enrolled", "Enrolled", "Applied", "enrollment"),
    ("activated", "Activated", "Enrolled", "product"),
    ("engaged", "Engaged", "Activated", "coaching"),
    ("completed", "Completed", "Engaged", "learning_design"),
)


def step(account, cut, member, order, numerator, denominator, **known):
    """A row of account_journey; without a numerator it is hidden."""
    code, title, from_title, function = STAGES[order]
    rate = None if numerator is None else numerator / denominator
    return {
        "account_id": account,
        "cut": cut,
        "member_code": member[0],
        "member_title": member[1],
        "member_order": 1,
        "stage_code": code,
        "stage_order": order + 2,
        "stage_title": title,
        "from_title": from_title,
        "function_code": function,
        "numerator_count": numerator,
        "denominator_count": denominator,
        "rate": rate,
        "ci_low": None if rate is None else rate - 0.05,
        "ci_high": None if rate is None else rate + 0.05,
        "share_text": None,
        "benchmark_rate": 0.6,
        "benchmark_accounts_count": 7,
        "is_hidden": rate is None,
        "hidden_reason": "protected" if rate is None else None,
        **known,
    }


def journey() -> list[dict]:
    """Two programs and an intake of `acc-1`: coaching is far behind; of `acc-2` all is hidden."""
    all_, intake = ("all", "All"), ("2025-H1", "January to June 2025")
    first, second = ("prg-1", FORMULA), ("prg-2", "Nursing")
    coded = {"share_text": "at least 95 %", "numerator_count": None, "rate": None}
    whole = {"rate": 0.79, "is_hidden": False, "hidden_reason": None}
    rows = [
        step("acc-1", "all", all_, 0, 120, 1000, benchmark_rate=0.12),
        step("acc-1", "all", all_, 2, 150, 200),
        step("acc-1", "all", all_, 3, 60, 150),
        step("acc-1", "all", all_, 4, 59, 60, **coded, ci_low=None, ci_high=None),
        step("acc-1", "program", first, 2, 80, 100),
        step("acc-1", "program", second, 2, 70, 100),
        step("acc-1", "program", second, 3, None, None),
        step("acc-1", "program", second, 4, None, None, **whole),
        step("acc-1", "intake", intake, 2, 150, 200),
    ]
    return rows + [step("acc-2", "all", all_, order, None, None) for order in range(5)]


def tables() -> dict[str, list[dict]]:
    outcome = {
        "account_id": "acc-1",
        "outcome_code": "retained_12m_voluntary",
        "outcome_order": 1,
        "title": "Stayed (did not leave by own will)",
        "unit": "share",
        "better": "higher",
        "treated_count": 140,
        "matched_count": 130,
        "treated_rate": 0.93,
        "comparison_rate": 0.88,
        "adjusted_difference": 0.051,
        "ci_low": 0.012,
        "ci_high": 0.09,
        "direction": "better",
        "evidence_grade": "B",
        "is_estimable": True,
        "reason": None,
        "hidden_reason": None,
    }
    directed = {**outcome, "outcome_code": "promoted_12m", "outcome_order": 2, "title": "Promoted"}
    directed |= dict.fromkeys(
        ["treated_rate", "comparison_rate", "adjusted_difference", "ci_low", "ci_high"]
    )
    directed |= {"direction": "not clear", "hidden_reason": "protected"}
    unknown = dict.fromkeys(
        ["treated_rate", "comparison_rate", "adjusted_difference", "ci_low", "ci_high"]
    )
    unknown |= {
        "is_estimable": False,
        "direction": None,
        "evidence_grade": None,
        "reason": "too few participants",
    }
    unknown |= {"account_id": "acc-2", "treated_count": None, "matched_count": None}
    returns = [
        {
            "account_id": "acc-1",
            "scenario": scenario,
            "benefit_amount": 1000.0 * ratio,
            "cost_amount": 1000.0,
            "hidden_cost_amount": 250.0,
            "net_benefit_amount": 1000.0 * ratio - 1000,
            "roi_rate": ratio - 1,
            "bcr": ratio,
            "payback_months": None,
            "currency": "EUR",
            "period_start": date(2024, 1, 1),
            "period_end": date(2025, 6, 30),
            "evidence_grade": "C",
            "is_estimable": True,
            "reason": None,
        }
        for scenario, ratio in (("low", 0.1), ("base", 0.4), ("high", 0.7))
    ]
    line = {"account_id": "acc-1", "line_code": "tuition", "line_order": 5, "title": "Tuition"}
    line |= {"line_type": "cost", "amount": 750.0}
    voice = {
        "account_id": "acc-1",
        "chain_role": "manager",
        "role_order": 2,
        "title": "Managers",
        "quarter_start": date(2026, 4, 1),
        "people_count": 15,
        "confidence_score": 71.0,
        "ci_low": 65.0,
        "ci_high": 77.0,
        "is_hidden": False,
        "hidden_reason": None,
    }
    silent = {**voice, "chain_role": "hr_leader", "role_order": 4, "title": "HR leaders"}
    silent |= dict.fromkeys(["people_count", "confidence_score", "ci_low", "ci_high"])
    silent |= {"is_hidden": True, "hidden_reason": "protected"}
    word = {
        "account_id": "all",
        "metric_code": "completion_rate",
        "title": "Completion rate",
        "definition": "Of the engaged, the share who completed",
        "formula": "completed / engaged",
        "unit": "share",
        "owner_role": "program_owner",
        "standard_reference": "none",
    }
    profile = {"as_of_date": date(2026, 6, 30)}
    profile |= {"last_full_intake": "January to June 2025", "covers_text": "Intakes of 2025"}
    return {
        "account_profile": [
            {"account_id": "acc-1", "name": HOSTILE, "enrolled_to_date": 200, **profile},
            {"account_id": "acc-2", "name": "Small & Few", "enrolled_to_date": None, **profile},
            {"account_id": "acc-3", "name": "Began today", "enrolled_to_date": None, **profile},
        ],
        "account_journey": journey(),
        "account_outcomes": [outcome, directed, {**outcome, **unknown}],
        "account_return": returns,
        "account_return_lines": [{**line, "scenario": name} for name in ("low", "base", "high")],
        "account_voice": [voice, silent],
        "account_trust": [
            {
                "account_id": account,
                "item_code": "as_of",
                "item_order": 1,
                "title": "As of",
                "value_text": "2026-06-30",
            }
            for account in ("acc-1", "acc-2")
        ],
        "account_words": [word],
    }


def write_tables(folder: Path) -> None:
    """Write the tables by hand as a release has them."""
    (folder / "account_tables").mkdir(parents=True)
    for name, rows in tables().items():
        frame = pd.DataFrame(rows).convert_dtypes()  # noqa: F841
        path = folder / "account_tables" / f"{name}.parquet"
        duckdb.sql(f"copy frame to '{path}' (format parquet)")


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    """A release with the reports of two accounts, beside which nothing is searched for."""
    folder = tmp_path_factory.mktemp("releases") / RELEASE
    write_tables(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "attack", lambda *_: [])
        patch.setattr(bundles, "search_bundle", lambda *_: [])
        patch.setattr(bundles, "search_gaps", lambda *_: {"names": 2, "identifiers": 5})
        said: list[str] = []
        told = build_bundles(folder, MANIFEST, ACCOUNTS, folder / "work", [], folder, said.append)
    assert [row["is_published"] for row in told] == [True, True, True]
    assert len(said) == 1
    assert "3 of 3" in said[0]
    assert "7 texts are too short or too ordinary" in said[0]
    for account in ACCOUNTS:
        write_versions(folder.parent, account, [RELEASE])
    return folder


def write_versions(releases_dir: Path, account: str, releases: list[str]) -> None:
    """Say which releases of an account's report there are, the newest first; it is the latest."""
    place = releases_dir / "accounts" / account
    place.mkdir(parents=True, exist_ok=True)
    listed = [
        {
            "release_id": name,
            "as_of_date": "2026-06-30" if name == RELEASE else "2026-07-31",
            "created_at": "2026-08-01T02:00:00+00:00",
            "url": f"/{name}/accounts/{account}/site/",
        }
        for name in releases
    ]
    text = json.dumps({"latest": releases[0], "releases": listed})
    (place / "versions.json").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def address(release) -> str:
    with serving(release) as site:
        yield site.removesuffix("/site") + "/accounts"


@pytest.fixture
def report(browser, address):
    """A watched page, opened by account and page."""
    with watching(browser, address) as watched:
        yield lambda page, account="acc-1": watched.open(f"/{account}/site/{page}.html")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("account\nacc-1\n", "row 1: one column, account_id, is expected; found: account"),
        ("", "row 1: one column, account_id, is expected; found: none"),
        ("account_id\nacc-1\nacc-1\n", "row 3, column account_id: acc-1 stands in row 2 already"),
        ("account_id\n../acc-1\n", "row 2, column account_id: '../acc-1' cannot name the folder"),
        ("account_id\nall\n", "row 2, column account_id: 'all' cannot name the folder"),
        ("account_id\nacc-1\n\n", "row 3, column account_id: '' cannot name the folder"),
        ("account_id\nacc-1,yes\n", "row 2: 2 cells, where only account_id is expected"),
        ("account_id\nacc-\xff\n".encode("latin-1"), "cannot be read"),
    ],
)
def test_a_request_that_cannot_be_read_is_refused_by_file_row_and_column(tmp_path, content, said):
    path = tmp_path / "account_bundles.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BundleError) as refused:
        asked_accounts(tmp_path)
    assert str(refused.value).startswith(str(path))
    assert said in str(refused.value)


def test_accounts_are_asked_for_in_the_order_of_the_file_and_none_without_it(tmp_path):
    assert asked_accounts(tmp_path) == []
    (tmp_path / "account_bundles.csv").write_text("\ufeffaccount_id\r\nacc-2\r\nacc-1\r\n")
    assert asked_accounts(tmp_path) == ["acc-2", "acc-1"]


def test_the_request_is_no_landing_file_and_a_wrong_one_fails_the_check(tmp_path):
    landed = tmp_path / "stakeholder" / "account"
    landed.mkdir(parents=True)
    columns = (
        "account_id,name,industry,segment,region,timezone,reporting_currency,"
        "fiscal_year_start_month,customer_since,updated_at\n"
    )
    row = (
        "acc-1,Alder,retail,enterprise,Europe,Europe/Berlin,EUR,1,2024-01-01,2024-01-01T00:00:00Z\n"
    )
    (landed / "accounts.csv").write_text(columns + row)
    request = tmp_path / "account_bundles.csv"
    request.write_text("account_id\nacc-1\n")
    said: list[str] = []
    assert check_landing(tmp_path, said.append)
    assert "acc-1" in "\n".join(said)
    request.write_text("acount_id\nacc-1\n")
    assert not check_landing(tmp_path, said.append)
    assert f"{request}, row 1: one column, account_id, is expected; found: acount_id" in said[-3]


def test_a_report_with_findings_is_not_published_and_the_others_are(tmp_path, monkeypatch):
    write_tables(tmp_path)
    told = [f"number {i} can be found out" for i in range(5)]
    monkeypatch.setattr(bundles, "attack", lambda _, account, __: told * (account == "acc-1"))
    monkeypatch.setattr(
        bundles, "search_bundle", lambda _, account, *__: ["another account"] * (account == "acc-3")
    )
    monkeypatch.setattr(bundles, "search_gaps", lambda *_: {})
    asked = [*ACCOUNTS, "acc-9"]
    rows = build_bundles(tmp_path, MANIFEST, asked, tmp_path / "work", [], tmp_path, print)
    assert [row["account_id"] for row in rows] == asked
    assert [row["is_published"] for row in rows] == [False, True, False, False]
    reasons = [row["reason"] for row in rows]
    assert reasons[:3] == ["; ".join(told[:3]) + " and 2 more", None, "another account"]
    assert "no account of this id is known" in reasons[3]
    assert [path.name for path in (tmp_path / "accounts").iterdir()] == ["acc-2"]


def test_reports_share_what_they_have_in_common_and_nothing_else(release):
    first, second = (release / "accounts" / account / "site" for account in ("acc-1", "acc-2"))
    shared = {
        path.relative_to(first).as_posix()
        for path in first.rglob("*")
        if path.is_file() and path.samefile(second / path.relative_to(first))
    }
    assert {Path(name).suffix for name in shared} == {".css", ".woff2", ".js", ".svg"}
    for path in second.rglob("*"):
        if path.suffix in (".html", ".csv"):
            assert "acc-1" not in path.read_text(encoding="utf-8"), path
    assert not list(release.rglob(".*"))
    assert not (release / "work").exists() or not list((release / "work").iterdir())


def test_downloads_hold_the_tables_and_no_formula(release):
    site = release / "accounts" / "acc-1" / "site"
    with (site / "account_journey.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    own = [row for row in journey() if row["account_id"] == "acc-1"]
    assert len(rows) == len(own)
    for row, expected in zip(rows, own, strict=True):
        numerator = expected["numerator_count"]
        assert row["numerator_count"] == ("" if numerator is None else str(numerator))
        title = expected["member_title"]
        assert row["member_title"] == (f"'{title}" if title == FORMULA else title)


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_there_and_no_obstacle_in_either_colour(report, page, account):
    shown = report(page, account)
    # The other accounts' pages are made of the same parts.
    for theme in ("light", "dark") if account == "acc-1" or page == "index" else ():
        shown.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", theme)
        assert axe_violations(shown) == []
    expect(shown.locator("nav a[aria-current=page]")).to_have_count(1)
    assert shown.locator("nav a").count() == len(PAGES)
    shown.set_viewport_size({"width": 390, "height": 800})
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390


def test_names_are_shown_as_text(report):
    page = report("index")
    expect(page.locator("h1")).to_have_text(f"Is the partnership with {HOSTILE} working?")
    page = report("where-do-we-lose-learners")
    expect(page.get_by_test_id("programs-prg-1").locator("th")).to_have_text(FORMULA)


def test_a_rate_without_its_counts_stands_alone(report):
    page = report("where-do-we-lose-learners")
    cell = page.get_by_test_id("programs-prg-2").get_by_test_id("completed")
    expect(cell).to_have_text("79%")
    choose(page, "program", "prg-2")
    row = page.get_by_test_id("program-prg-2").get_by_test_id("program-step-completed")
    expect(row.get_by_test_id("rate")).to_have_text("79%")
    expect(row.get_by_test_id("counts")).to_have_text(DASH)


def test_the_overview_says_what_the_tables_say(report):
    page = report("index")
    for row in (row for row in journey() if row["account_id"] == "acc-1" and row["cut"] == "all"):
        shown = page.get_by_test_id(f"bullet-{row['stage_code']}")
        benchmark = percent(row["benchmark_rate"], 0)
        expect(shown.get_by_test_id("benchmark")).to_have_text(f"{benchmark} 7 employers")
        if row["rate"] is None:
            expect(shown.get_by_test_id("rate")).to_have_text("at least 95%")
            expect(shown.get_by_test_id("counts")).to_have_text("of 60")
        else:
            rate = with_interval(row["rate"], row["ci_low"], row["ci_high"])
            expect(shown.get_by_test_id("rate")).to_have_text(rate)
    expect(page.locator("h2#journey")).to_have_text(
        "Furthest behind others: from activated to engaged"
    )
    expect(page.get_by_test_id("answer-stay")).to_have_text(
        "participants stay more than comparable colleagues"
    )
    expect(page.get_by_test_id("answer-money")).to_have_text(
        "the money did not come back within the first year"
    )
    expect(page.get_by_test_id("return-base").get_by_test_id("bcr")).to_have_text("0.40")
    decide = page.get_by_test_id("decide").locator("li")
    expect(decide.nth(0)).to_contain_text("40% ")
    expect(decide.nth(0)).to_contain_text("Who acts: coaching.")
    expect(decide.nth(1)).to_contain_text(f"net EUR {MINUS}600")
    voice = page.get_by_test_id("voice-manager")
    expect(voice.get_by_test_id("score")).to_have_text(with_range(71, 65, 77, 0))
    expect(voice.get_by_test_id("answered")).to_have_text("at least 15")
    expect(page.get_by_test_id("voice-hr_leader").get_by_test_id("hidden")).to_have_text(
        "hidden: fewer than 5 answered, or all alike"
    )


def test_where_numbers_could_tell_of_few_people_the_direction_is_told(report):
    words = "Promoted: the data cannot tell from comparable colleagues (grade B)."
    for name in ("index", "do-people-stay-move-and-get-promoted-more"):
        page = report(name)
        expect(page.get_by_test_id("directed").locator("li")).to_have_text([words])
        expect(page.get_by_test_id("outcome-retained_12m_voluntary")).to_be_visible()
        expect(page.get_by_test_id("outcome-promoted_12m")).to_have_count(0)


def test_where_little_is_known_the_report_says_so(report):
    page = report("index", "acc-2")
    expect(page.get_by_test_id("answer")).to_contain_text("Too little is known yet")
    cells = page.get_by_test_id("bullet-table").get_by_test_id("hidden")
    expect(cells).to_have_text(["hidden: it could tell of fewer than 10 people"] * 4)
    expect(page.get_by_test_id("no-outcome")).to_have_text("Too few participants.")
    expect(page.get_by_test_id("no-return")).to_have_text("It was not supplied.")
    page = report("index", "acc-3")
    expect(page.get_by_test_id("answer")).to_contain_text("Too little is known yet")
    expect(page.get_by_test_id("no-journey")).to_be_visible()


def test_a_choice_shows_one_program_and_is_kept_in_the_address(report):
    page = report("where-do-we-lose-learners")
    sections = {name: page.get_by_test_id(f"program-{name}") for name in ("all", "prg-1", "prg-2")}
    expect(sections["all"]).to_be_visible()
    expect(sections["prg-2"]).to_be_hidden()
    choose(page, "program", "prg-2")
    expect(sections["all"]).to_be_hidden()
    expect(sections["prg-1"]).to_be_hidden()
    row = sections["prg-2"].get_by_test_id("program-step-activated")
    expect(row.get_by_test_id("rate")).to_have_text(with_interval(0.7, 0.65, 0.75))
    assert page.url.endswith("?program=prg-2")
    page.reload()
    expect(sections["prg-2"]).to_be_visible()
    expect(sections["all"]).to_be_hidden()


def test_an_old_report_says_so_and_leads_to_the_page_of_the_latest(report, release):
    page = report("can-i-trust-this")
    expect(page.get_by_test_id("versions")).to_be_hidden()
    expect(page.get_by_test_id("version-warning")).to_be_hidden()
    write_versions(release.parent, "acc-1", [NEWER, RELEASE])
    page = report("can-i-trust-this")
    expect(page.get_by_test_id("version-this")).to_have_text(RELEASE)
    warning = page.get_by_test_id("version-warning")
    expect(warning).to_contain_text("as of 30 June 2026; the latest are as of 31 July 2026")
    there = f"/{NEWER}/accounts/acc-1/site/can-i-trust-this.html"
    expect(warning.locator("a")).to_have_attribute("href", there)
    page.get_by_test_id("versions").locator("summary").click()
    expect(page.get_by_test_id("versions").locator("li a")).to_have_attribute("href", there)
    write_versions(release.parent, "acc-1", [NEWER])
    page = report("can-i-trust-this")
    expect(page.get_by_test_id("version-warning")).to_be_visible()
    write_versions(release.parent, "acc-1", [RELEASE])


def test_the_theme_is_chosen_with_the_keyboard_and_kept(report):
    page = report("index")
    button = page.get_by_role("button", name="Appearance")
    for theme in ("Light", "Dark"):
        button.press("Enter")
        expect(button).to_have_text(theme)
    page = report("can-i-trust-this")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    button.press("Enter")
    expect(button).to_have_text("Auto")


def test_without_a_script_every_number_is_there(browser, address):
    page = browser.new_page()
    session = browser.new_cdp_session(page)
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})
    page.goto(f"{address}/acc-1/site/where-do-we-lose-learners.html")
    for name in ("all", "prg-1", "prg-2"):
        expect(page.get_by_test_id(f"program-{name}")).to_be_visible()
    expect(page.get_by_test_id("choice-program")).to_be_hidden()
    page.close()


def test_the_demo_tenants_reports_are_published_and_say_what_its_tables_say(
    demo, demo_release, browser
):
    manifest = json.loads((demo_release / "manifest.json").read_text(encoding="utf-8"))
    asked = asked_accounts(demo.landing_dir)
    assert len(asked) == 3
    assert {row["account_id"]: row["reason"] for row in manifest["bundles"]} == dict.fromkeys(asked)
    with serving(demo_release) as site, watching(browser, site.removesuffix("/site")) as watched:
        for account in asked:
            rows = duckdb.execute(
                "select * from read_parquet(?) where account_id = ? and cut = 'all'",
                [str(demo_release / "account_tables" / "account_journey.parquet"), account],
            ).df()
            page = watched.open(f"/accounts/{account}/site/where-do-we-lose-learners.html")
            for row in rows.to_dict("records"):
                shown = page.get_by_test_id(f"step-{row['stage_code']}")
                if row["is_hidden"]:
                    expect(shown.get_by_test_id("hidden")).to_contain_text("hidden: ")
                    continue
                of = count(row["denominator_count"])
                if row["share_text"]:
                    expect(shown.get_by_test_id("counts")).to_have_text(f"of {of}")
                    continue
                rate = with_interval(row["rate"], row["ci_low"], row["ci_high"])
                expect(shown.get_by_test_id("rate")).to_have_text(rate)
                counted = f"{count(row['numerator_count'])} of {of}"
                expect(shown.get_by_test_id("counts")).to_have_text(counted)
                expect(shown.get_by_test_id("benchmark")).to_contain_text(
                    percent(row["benchmark_rate"], 0)
                )
            for page_name in PAGES:
                page = watched.open(f"/accounts/{account}/site/{page_name}.html")
                expect(page.locator("h1")).to_be_visible()


def test_the_site_shows_every_account_and_leads_to_its_page(demo, demo_release, watched):
    (row,) = (
        duckdb.execute(
            "select * from read_parquet(?) where account_id = ? and cut = 'all'"
            " and stage_code = 'completed'",
            [
                str(demo_release / "account_tables" / "account_journey.parquet"),
                asked_accounts(demo.landing_dir)[0],
            ],
        )
        .df()
        .to_dict("records")
    )
    rate = with_interval(row["rate"], row["ci_low"], row["ci_high"])
    page = watched.open("/accounts/")
    listed = page.get_by_test_id(f"partnership-{row['account_id']}")
    expect(listed.get_by_test_id("rate")).to_have_text(rate)
    listed.locator("a").click()
    expect(page.get_by_test_id("bullet-completed").get_by_test_id("rate")).to_have_text(rate)
    expect(page.get_by_test_id("decide").locator("li").first).to_be_visible()
