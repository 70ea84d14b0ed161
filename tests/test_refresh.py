"""A refresh, from landed files to a release: what it publishes, and what a failure leaves alone."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from conftest import environment_of, run_module, settings_in
from tiny_tenant import land

from orchestration.build import describe
from orchestration.dbt_project import run_dbt
from orchestration.load import load_landing
from orchestration.release import publish_release
from orchestration.settings import PROJECT_DIR, Settings
from orchestration.verify_release import verify_release


@pytest.fixture(scope="module")
def tiny_released(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_in(tmp_path_factory.mktemp("tiny"))
    land(settings.landing_dir)
    done = run_module("orchestration.refresh", **environment_of(settings))
    assert done.returncode == 0, done.stdout + done.stderr
    return settings


@pytest.fixture
def tiny_copy(tiny_released: Settings, tmp_path: Path) -> Settings:
    """A copy of the tiny tenant after its first release, to go on from."""
    copy = tmp_path / "tiny"
    shutil.copytree(tiny_released.landing_dir.parent, copy, symlinks=True)
    return settings_in(copy)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest_of(release: Path) -> dict:
    return json.loads((release / "manifest.json").read_text())


def state_of(folder: Path) -> dict[str, str]:
    """Every file below a folder with its content's hash, and where each link points."""
    return {
        str(path.relative_to(folder)): str(path.readlink()) if path.is_symlink() else sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def rows(settings: Settings, table: str, columns: str = "*") -> list[tuple]:
    marts = settings.releases_dir / "latest" / "marts" / f"{table}.parquet"
    return duckdb.sql(f"select {columns} from read_parquet('{marts}')").order("all").fetchall()


def test_the_manifest_describes_every_file_of_the_release(demo_release):
    manifest = manifest_of(demo_release)
    files = {path.stem for path in (demo_release / "marts").iterdir()}
    assert files == {table["table"] for table in manifest["tables"]}
    for table in manifest["tables"]:
        path = demo_release / "marts" / f"{table['table']}.parquet"
        assert table["sha256"] == sha256(path)
        count = duckdb.sql(f"select count(*) from read_parquet('{path}')").fetchone()[0]
        assert table["rows"] == count
    assert demo_release.name == manifest["release_id"]
    assert manifest["as_of_date"] == "2026-06-30"
    assert manifest["code_version"]
    assert manifest["has_site"]
    assert (demo_release / "site" / "index.html").is_file()
    assert verify_release(demo_release) == []


def test_the_manifest_names_the_input_batches_with_the_hashes_of_their_files(demo, demo_release):
    batches = manifest_of(demo_release)["batches"]
    landed = {str(p.relative_to(demo.landing_dir)): p for p in demo.landing_dir.glob("*/*/*")}
    assert {batch["file"] for batch in batches} == set(landed)
    for batch in batches:
        assert batch["content_hash"] == sha256(landed[batch["file"]])
        received = batch["accepted_count"] + batch["rejected_count"] + batch["duplicate_count"]
        assert batch["received_count"] == received


def test_the_manifest_says_what_each_test_said(demo_release):
    tests = {test["name"]: test["status"] for test in manifest_of(demo_release)["tests"]}
    assert tests["core_entities_are_supplied"] == "pass"
    assert len(tests) > 100
    assert set(tests.values()) <= {"pass", "warn"}


def test_publishing_the_same_again_makes_no_new_release(tiny_released):
    before = state_of(tiny_released.releases_dir)
    said: list[str] = []
    release = publish_release(tiny_released, said.append)
    assert release == (tiny_released.releases_dir / "latest").resolve()
    assert "nothing changed" in said[-1]
    assert state_of(tiny_released.releases_dir) == before


def test_loading_the_same_folder_again_changes_nothing(tiny_released):
    report = load_landing(tiny_released.landing_dir, tiny_released.raw_path, say=lambda _: None)
    assert report.batches == []


def test_a_file_that_cannot_be_read_makes_no_release_each_night(tiny_copy):
    """It is tried again by each load, at another time; the tables that tell of it stay the same."""
    land(tiny_copy.landing_dir, {"participant/learning_event/broken.csv": "no_such_column\n1"})
    tables = ("rpt_source_health", "rpt_rejected_rows")
    tiny_copy.build_path.parent.mkdir(exist_ok=True)
    shutil.copy(tiny_copy.warehouse_path, tiny_copy.build_path)
    tried, told = [], []
    for _ in range(2):
        load_landing(tiny_copy.landing_dir, tiny_copy.raw_path, say=lambda _: None)
        with duckdb.connect(str(tiny_copy.raw_path), read_only=True) as connection:
            failed = "select loaded_at from load_ledger.batches where status = 'failed'"
            tried += connection.execute(failed).fetchall()
        outcome = run_dbt(tiny_copy, "run", "--select", *tables)
        assert outcome.success, outcome.exception
        with duckdb.connect(str(tiny_copy.build_path), read_only=True) as connection:
            queries = [f"from trust.{table} order by all" for table in tables]
            told.append([connection.execute(query).fetchall() for query in queries])
    assert tried[0] < tried[1]
    assert told[0] == told[1]


def test_the_log_says_what_dbt_did_and_where_a_test_warned(demo):
    log = (demo.dbt_target_dir / "logs" / "dbt.log").read_text(encoding="utf-8")
    assert "OK created sql table model funnel_conversion.rpt_funnel_cohorts" in log
    assert re.search(r" WARNING .* nobody_matches_two_people ", log)
    assert {line.split()[2] for line in log.splitlines()} == {"INFO", "WARNING"}
    assert "select " not in log


def test_the_tiny_tenant_has_the_journeys_that_its_rows_tell(tiny_released):
    columns = (
        "enrollment_id, activated_at::varchar, engaged_at::varchar,"
        " current_status, active_weeks_count"
    )
    assert rows(tiny_released, "fct_enrollment_journeys", columns) == [
        ("e1", "2026-01-05 08:05:00", "2026-01-19 08:05:00", "completed", 3),
        ("e2", "2026-02-03 08:05:00", None, "withdrawn", 1),
    ]


def test_what_was_not_supplied_is_null_and_never_zero(tiny_released):
    marts = tiny_released.releases_dir / "latest" / "marts"
    found = duckdb.sql(
        f"""
        select distinct stage_code,
            is_supplied, numerator_count, rate, overall_rate, reached_count, median_days
        from read_parquet('{marts}/rpt_funnel_cohorts.parquet')
        where not is_supplied
        """
    ).fetchall()
    not_supplied = {"eligible", "aware", "applied", "credentialed", "mobile"}
    assert {row[0] for row in found} == not_supplied
    assert all(row[1:] == (False, None, None, None, None, None) for row in found)


def test_a_blocking_test_that_fails_publishes_nothing_and_says_so(tiny_copy):
    settings = tiny_copy
    before = state_of(settings.releases_dir)
    warehouse = sha256(settings.warehouse_path)
    # An account named like the roll-up: its rows would be counted as totals.
    land(
        settings.landing_dir,
        {
            "stakeholder/account/more.csv": "account_id,name\nall,Sunridge Health",
            "participant/participant/more.csv": "participant_id,account_id\np3,all",
            "participant/enrollment/more.csv": (
                "enrollment_id,participant_id,program_id,start_date\ne3,p3,g1,2026-01-05"
            ),
        },
    )
    failed = run_module("orchestration.refresh", **environment_of(settings))
    assert failed.returncode == 1
    assert "roll_ups_equal_their_parts" in failed.stdout
    assert "nothing is published" in failed.stdout
    assert state_of(settings.releases_dir) == before
    assert sha256(settings.warehouse_path) == warehouse


def test_a_landing_folder_that_does_not_exist_is_told_before_anything_is_built(tmp_path):
    settings = settings_in(tmp_path)
    failed = run_module("orchestration.refresh", **environment_of(settings))
    assert failed.returncode == 1
    assert f"nothing has ever landed: the landing folder {settings.landing_dir}" in failed.stdout
    assert "does not exist" in failed.stdout
    assert "Look at LANDING_DIR" in failed.stdout
    assert not settings.releases_dir.exists()
    assert not settings.build_path.parent.exists()


def test_a_landing_folder_without_an_accepted_row_is_told_too(tmp_path):
    settings = settings_in(tmp_path)
    land(settings.landing_dir, {"stakeholder/account/accounts.csv": "account_id,name\n,Nobody"})
    failed = run_module("orchestration.refresh", **environment_of(settings))
    assert failed.returncode == 1
    assert "nothing has ever landed: no row of the landing folder is accepted" in failed.stdout
    assert not settings.releases_dir.exists()


def test_each_core_entity_without_a_row_blocks_a_release(tiny_copy):
    tiny_copy.build_path.parent.mkdir(exist_ok=True)
    shutil.copy(tiny_copy.warehouse_path, tiny_copy.build_path)
    test = ("test", "--select", "core_entities_are_supplied")
    assert run_dbt(tiny_copy, *test).success
    with duckdb.connect(str(tiny_copy.build_path)) as connection:
        connection.execute("update trust.rpt_source_health set accepted_count = 0")
    results = run_dbt(tiny_copy, *test).result.results
    (failed,) = [result for result in results if result.status == "fail"]
    assert failed.failures == len(("account", "participant", "program", "enrollment"))
    assert "How to resolve: look at LANDING_DIR" in describe(failed)


def test_a_wrong_setting_is_told_before_anything_runs(tmp_path):
    settings = settings_in(tmp_path, as_of="30.06.2026")
    failed = run_module("orchestration.refresh", **environment_of(settings))
    assert failed.returncode == 1
    assert "AS_OF='30.06.2026' is not a date: write it as 2026-06-30" in failed.stdout


def test_an_as_of_date_before_the_data_publishes_nothing_and_says_so(tiny_copy):
    before = state_of(tiny_copy.releases_dir)
    failed = run_module(
        "orchestration.refresh", **environment_of(replace(tiny_copy, as_of="2016-06-30"))
    )
    assert failed.returncode == 1
    assert "core_entities_are_known_at_the_as_of_date" in failed.stdout
    assert "How to resolve: say an AS_OF within the data, or none." in failed.stdout
    assert state_of(tiny_copy.releases_dir) == before


def test_two_refreshes_at_once_each_publish_what_they_built(tiny_copy, tmp_path):
    """One of them as of an earlier day: what was known then."""
    plain = replace(tiny_copy, releases_dir=tmp_path / "plain")
    then = replace(tiny_copy, releases_dir=tmp_path / "then", as_of="2026-01-31")
    both = [start_refresh(settings) for settings in (plain, then)]
    told = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sum("another command works" in text for text in told) == 1
    assert manifest_of(plain.releases_dir / "latest")["as_of_date"] == "2026-03-31"
    assert manifest_of(then.releases_dir / "latest")["as_of_date"] == "2026-01-31"
    assert rows(then, "fct_enrollment_journeys", "enrollment_id, current_status, completed_at") == [
        ("e1", "enrolled", None),
        ("e2", "enrolled", None),
    ]


def test_a_refresh_killed_again_and_again_leaves_the_last_release_and_needs_no_clean_up(tiny_copy):
    before = state_of(tiny_copy.releases_dir)
    land(
        tiny_copy.landing_dir,
        {
            "participant/learning_event/more.csv": (
                "event_id,participant_id,enrollment_id,verb,occurred_at\n"
                "v9,p2,e2,viewed,2026-02-10T08:00:00Z"
            )
        },
    )
    for moment in ("learning_event/more.csv", "fct_learner_weeks", "rpt_funnel_cohorts"):
        kill_when_it_says(moment, tiny_copy)
        after = state_of(tiny_copy.releases_dir)
        assert {name: after.get(name) for name in before} == before
    # Published is published: the new release is whole, and so is the old one.
    kill_when_it_says("published", tiny_copy)
    after = state_of(tiny_copy.releases_dir)
    for name in ("latest", "ledger.jsonl"):
        assert before.pop(name) != after[name]
    assert {name: after.get(name) for name in before} == before
    assert verify_release((tiny_copy.releases_dir / "latest").resolve()) == []
    assert ("e2", 2) in rows(
        tiny_copy, "fct_enrollment_journeys", "enrollment_id, active_weeks_count"
    )
    done = run_module("orchestration.refresh", **environment_of(tiny_copy))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing changed" in done.stdout
    assert not list(tiny_copy.releases_dir.glob(".incoming-*"))


def start_refresh(settings: Settings) -> subprocess.Popen:
    environment = {name: str(value) for name, value in environment_of(settings).items()}
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "orchestration.refresh"],
        cwd=PROJECT_DIR,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def kill_when_it_says(text: str, settings: Settings) -> None:
    """Start a refresh, and kill it at once when a line of its progress holds the text."""
    with start_refresh(settings) as process:
        for line in process.stdout:
            if text in line:
                process.kill()
                return
        raise AssertionError(f"the refresh ended without a word of {text}")
