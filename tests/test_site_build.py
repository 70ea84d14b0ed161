"""What the report's data holds, and that a site with an error in it is never published."""

import gzip
import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml
from site_fixture import ACCOUNT_NAME, MANIFEST, write_release

from orchestration import site
from orchestration.site import REPORTS_DIR, SiteError, build_site
from orchestration.site_export import export_tables


@pytest.fixture
def release(tmp_path):
    # The quote and the space are there on purpose: a user's folder may have them.
    return write_release(tmp_path / "a user's release")


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


def test_the_export_holds_the_marts_in_types_that_a_browser_reads(release, tmp_path):
    export_tables(release, MANIFEST, tmp_path / "data")

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
    told = [value for name, value in MANIFEST.items() if name != "tests"]
    assert read(tmp_path / "data", "from release") == [tuple(told)]
    assert read(tmp_path / "data", "from build_tests") == [("a_rate_is_at_most_one", "pass", 0.0)]


def test_an_account_is_exported_once_with_its_current_name(release, tmp_path):
    export_tables(release, MANIFEST, tmp_path / "data")
    assert read(tmp_path / "data", "from dim_accounts") == [("acc-1", ACCOUNT_NAME)]


def test_no_row_about_a_person_leaves_for_the_pages(release, tmp_path):
    export_tables(release, MANIFEST, tmp_path / "data")
    personal = "select column_name from duckdb_columns() where column_name like '%participant_id%'"
    assert read(tmp_path / "data", personal) == []
    counts = "select * from participants order by account_id"
    assert read(tmp_path / "data", counts) == [("acc-1", 2.0), ("all", 2.0)]


def test_equal_marts_give_equal_bytes(release, tmp_path):
    export_tables(release, MANIFEST, tmp_path / "one")
    export_tables(release, MANIFEST, tmp_path / "two")
    files = [tmp_path / name / "mart/all/mart.duckdb" for name in ("one", "two")]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_missing_table_is_named(release, tmp_path):
    (release / "marts/rpt_weekly_engagement.parquet").unlink()
    with pytest.raises(SiteError, match="rpt_weekly_engagement"):
        build_site(release, MANIFEST, tmp_path / "work")


def test_a_good_build_leaves_the_site_and_nothing_else(release, tmp_path, fake_reports):
    said = []
    work = tmp_path / "work"
    build_site(release, MANIFEST, work, said.append, fake_reports("exit 0"))
    assert (release / "site/index.html").is_file()
    assert list(work.iterdir()) == []
    assert len(said) == 2


def test_the_pages_are_told_their_address_and_their_release(release, tmp_path, fake_reports):
    reports = fake_reports("cp evidence.config.yaml components/release.json build")
    (reports / "evidence.config.yaml").write_text("appearance:\n  default: system\n")
    build_site(release, MANIFEST, tmp_path / "work", print, reports)
    staged = yaml.safe_load((release / "site/evidence.config.yaml").read_text())
    assert staged["appearance"] == {"default": "system"}
    assert staged["deployment"] == {"basePath": f"/{MANIFEST['release_id']}/site"}
    assert json.loads((release / "site/release.json").read_text()) == {
        name: value for name, value in MANIFEST.items() if name != "tests"
    }


def test_the_first_release_has_none_before_it(release, tmp_path):
    first = {name: value for name, value in MANIFEST.items() if not name.startswith("earlier")}
    export_tables(release, first, tmp_path / "data")
    earlier = "select earlier_release_id, earlier_as_of_date from release"
    assert read(tmp_path / "data", earlier) == [(None, None)]


def test_what_is_read_whole_has_a_compressed_twin(release, tmp_path, fake_reports):
    script = (
        "cd build; yes words | head -c 9999 | tee a.js a.woff2 a.duckdb > b.js;"
        " echo 1 > c.js; mkdir d.json"
    )
    build_site(release, MANIFEST, tmp_path / "work", print, fake_reports(script))
    packed = [path.name for path in (release / "site").glob("*.gz")]
    assert sorted(packed) == ["a.js.gz", "b.js.gz"]
    plain = (release / "site/a.js").read_bytes()
    assert gzip.decompress((release / "site/a.js.gz").read_bytes()) == plain


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
def test_a_build_with_an_error_publishes_nothing(release, tmp_path, fake_reports, script, message):
    work = tmp_path / "work"
    with pytest.raises(SiteError, match=message) as caught:
        build_site(release, MANIFEST, work, print, fake_reports(script))
    assert not (release / "site").exists()
    [log] = work.iterdir()
    assert str(log) in str(caught.value)


def test_a_build_that_hangs_is_stopped(release, tmp_path, fake_reports, monkeypatch):
    monkeypatch.setattr(site, "TIME_LIMIT_SECONDS", 1)
    with pytest.raises(SiteError, match="more than 1 s"):
        build_site(release, MANIFEST, tmp_path / "work", print, fake_reports("sleep 60"))


def test_what_a_killed_build_left_is_removed(release, tmp_path, fake_reports):
    work = tmp_path / "work"
    (work / "site-999999999-abc" / "pages").mkdir(parents=True)
    (work / f"site-{os.getpid()}-abc").mkdir()
    build_site(release, MANIFEST, work, print, fake_reports("exit 0"))
    assert [path.name for path in work.iterdir()] == [f"site-{os.getpid()}-abc"]


def test_a_site_is_not_built_over_another(release, tmp_path, fake_reports):
    (release / "site").mkdir()
    with pytest.raises(SiteError, match="exists already"):
        build_site(release, MANIFEST, tmp_path / "work", print, fake_reports("exit 0"))


def test_missing_packages_are_explained(release, tmp_path):
    (tmp_path / "reports").mkdir()
    with pytest.raises(SiteError, match="npm ci"):
        build_site(release, MANIFEST, tmp_path / "work", print, tmp_path / "reports")


def test_a_page_with_a_broken_query_is_not_published(release, tmp_path):
    """Evidence alone publishes such an error as text and ends well: so here the real one runs."""
    reports = tmp_path / "reports"
    shutil.copytree(REPORTS_DIR, reports, ignore=shutil.ignore_patterns("node_modules", "*.md"))
    (reports / "node_modules").symlink_to(REPORTS_DIR / "node_modules")
    (reports / "pages/index.md").write_text(
        "---\ntitle: Broken\n---\n\n```sql broken\nselect * from mart.no_such_table\n```\n\n"
        "<DataTable data={broken}/>\n"
    )
    with pytest.raises(SiteError, match="no_such_table"):
        build_site(release, MANIFEST, tmp_path / "work", print, reports)
    assert not (release / "site").exists()
