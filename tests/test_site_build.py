"""What the report's data holds, and that a site with an error in it is never published."""

import os
import shutil
from pathlib import Path

import duckdb
import pytest
from site_fixture import ACCOUNT_NAME, MANIFEST, write_marts

from orchestration import site
from orchestration.site import REPORTS_DIR, SiteError, build_site
from orchestration.site_export import export_tables


@pytest.fixture
def marts(tmp_path):
    # The quote and the space are there on purpose: a user's folder may have them.
    return write_marts(tmp_path / "a user's marts")


@pytest.fixture
def fake_reports(tmp_path):
    """A reports folder whose `evidence` is a shell script that the test writes."""

    def make(script: str) -> Path:
        folder = tmp_path / "reports"
        for name in ("pages", "components", "queries", "static"):
            (folder / name).mkdir(parents=True)
        for name in ("package.json", "evidence.config.yaml", "evidence.settings.json", "app.css"):
            (folder / name).write_text("{}")
        command = folder / "node_modules" / ".bin" / "evidence"
        command.parent.mkdir(parents=True)
        command.write_text(
            f"#!/bin/sh\nmkdir -p build && echo '<p>fine' > build/index.html\n{script}"
        )
        command.chmod(0o755)
        return folder

    return make


def read(data_dir: Path, query: str) -> list[tuple]:
    with duckdb.connect(data_dir / "mart/all/mart.duckdb", read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_the_export_holds_the_marts_in_types_that_a_browser_reads(marts, tmp_path):
    export_tables(marts, MANIFEST, tmp_path / "data")

    types = "select distinct data_type from duckdb_columns() where not internal order by 1"
    assert read(tmp_path / "data", types) == [("BOOLEAN",), ("DOUBLE",), ("VARCHAR",)]
    assert read(tmp_path / "data", "select reached_count, rate from rpt_funnel_cohorts") == [
        (1234.0, 0.5),
        (1234.0, 0.5),
    ]
    weeks = "select week_start_date from rpt_weekly_engagement"
    assert read(tmp_path / "data", weeks) == [("2026-06-22",)]
    known = "select last_known_at from rpt_source_health"
    assert read(tmp_path / "data", known) == [("2026-06-30 22:15",)]
    assert read(tmp_path / "data", "from release") == [tuple(MANIFEST.values())]


def test_an_account_is_exported_once_with_its_current_name(marts, tmp_path):
    export_tables(marts, MANIFEST, tmp_path / "data")
    assert read(tmp_path / "data", "from dim_accounts") == [("acc-1", ACCOUNT_NAME)]


def test_no_row_about_a_person_leaves_for_the_pages(marts, tmp_path):
    export_tables(marts, MANIFEST, tmp_path / "data")
    personal = "select column_name from duckdb_columns() where column_name like '%participant_id%'"
    assert read(tmp_path / "data", personal) == []
    counts = "select * from participants order by account_id"
    assert read(tmp_path / "data", counts) == [("acc-1", 2.0), ("all", 2.0)]


def test_equal_marts_give_equal_bytes(marts, tmp_path):
    export_tables(marts, MANIFEST, tmp_path / "one")
    export_tables(marts, MANIFEST, tmp_path / "two")
    files = [tmp_path / name / "mart/all/mart.duckdb" for name in ("one", "two")]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_missing_table_is_named(marts, tmp_path):
    (marts / "rpt_weekly_engagement.parquet").unlink()
    with pytest.raises(SiteError, match="rpt_weekly_engagement"):
        build_site(marts, MANIFEST, tmp_path / "site", tmp_path / "work")


def test_a_good_build_leaves_the_site_and_nothing_else(marts, tmp_path, fake_reports):
    said = []
    work = tmp_path / "work"
    build_site(marts, MANIFEST, tmp_path / "site", work, said.append, fake_reports("exit 0"))
    assert (tmp_path / "site/index.html").is_file()
    assert list(work.iterdir()) == []
    assert len(said) == 2


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo broke; exit 3", "code 3"),
        ("echo '[ERROR]: a page did not compile'", "a page did not compile"),
        ("echo 'Error in query steps'", "Error in query steps"),
        ("echo 'Catalog Error: no table x' > build/index.html", "index.html shows an error"),
        ("rm build/index.html", "no front page"),
    ],
)
def test_a_build_with_an_error_publishes_nothing(marts, tmp_path, fake_reports, script, message):
    work = tmp_path / "work"
    with pytest.raises(SiteError, match=message) as caught:
        build_site(marts, MANIFEST, tmp_path / "site", work, print, fake_reports(script))
    assert not (tmp_path / "site").exists()
    [log] = work.iterdir()
    assert str(log) in str(caught.value)


def test_a_build_that_hangs_is_stopped(marts, tmp_path, fake_reports, monkeypatch):
    monkeypatch.setattr(site, "TIME_LIMIT_SECONDS", 1)
    with pytest.raises(SiteError, match="more than 1 s"):
        build_site(
            marts, MANIFEST, tmp_path / "site", tmp_path / "work", print, fake_reports("sleep 60")
        )


def test_what_a_killed_build_left_is_removed(marts, tmp_path, fake_reports):
    work = tmp_path / "work"
    (work / "site-999999999-abc" / "pages").mkdir(parents=True)
    (work / f"site-{os.getpid()}-abc").mkdir()
    build_site(marts, MANIFEST, tmp_path / "site", work, print, fake_reports("exit 0"))
    assert [path.name for path in work.iterdir()] == [f"site-{os.getpid()}-abc"]


def test_a_site_is_not_built_over_another(marts, tmp_path, fake_reports):
    (tmp_path / "site").mkdir()
    with pytest.raises(SiteError, match="exists already"):
        build_site(
            marts, MANIFEST, tmp_path / "site", tmp_path / "work", print, fake_reports("exit 0")
        )


def test_missing_packages_are_explained(marts, tmp_path):
    (tmp_path / "reports").mkdir()
    with pytest.raises(SiteError, match="npm ci"):
        build_site(
            marts, MANIFEST, tmp_path / "site", tmp_path / "work", print, tmp_path / "reports"
        )


def test_a_page_with_a_broken_query_is_not_published(marts, tmp_path):
    """Evidence alone publishes such an error as text and ends well: so here the real one runs."""
    reports = tmp_path / "reports"
    shutil.copytree(REPORTS_DIR, reports, ignore=shutil.ignore_patterns("node_modules", "*.md"))
    (reports / "node_modules").symlink_to(REPORTS_DIR / "node_modules")
    (reports / "pages/index.md").write_text(
        "---\ntitle: Broken\n---\n\n```sql broken\nselect * from mart.no_such_table\n```\n\n"
        "<DataTable data={broken}/>\n"
    )
    with pytest.raises(SiteError, match="no_such_table"):
        build_site(marts, MANIFEST, tmp_path / "site", tmp_path / "work", print, reports)
    assert not (tmp_path / "site").exists()
