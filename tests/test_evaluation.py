"""The evaluation ledger: past half-years are evaluated once, and again where something changed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest
from conftest import environment_of, run_module, settings_in
from tiny_tenant import land

from orchestration import evaluation
from orchestration.evaluation import evaluate_history, fingerprints
from orchestration.load import load_landing
from orchestration.settings import PROJECT_DIR, Settings

FIRST, SECOND = date(2024, 12, 31), date(2025, 6, 30)
AS_OF = "2025-08-31"
FILES = {
    "stakeholder/account/accounts.csv": """
        account_id,name
        a1,Meridian Foods
    """,
    "operations/program/programs.csv": """
        program_id,title,planned_weeks
        g1,Data Analytics,12
    """,
    "financial/contract/contracts.csv": """
        contract_id,account_id,starts_on,ends_on,annual_value,currency,signed_on
        c1,a1,2024-01-01,2026-12-31,1000,USD,2023-12-01
    """,
    "participant/participant/participants.csv": """
        participant_id,account_id,employee_number,updated_at
        p1,a1,w1,2024-01-02T09:00:00Z
    """,
    "participant/enrollment/enrollments.csv": """
        enrollment_id,participant_id,program_id,start_date,enrolled_at,updated_at
        e1,p1,g1,2024-01-05,2024-01-02T09:00:00Z,2024-01-02T09:00:00Z
    """,
    "participant/enrollment_status/statuses.csv": """
        status_event_id,enrollment_id,status,effective_at
        s1,e1,enrolled,2024-01-02T09:00:00Z
    """,
}
# Landed after the evaluation, known before the second half-year's end and not before the first's.
LATE = {
    "participant/worker/workers.csv": """
        account_id,worker_id,employee_number,hire_date,employment_type,effective_from,extracted_at
        a1,w1,w1,2020-01-01,full_time,2020-01-01,2025-03-01T00:00:00Z
    """,
}
NOT_SUPPLIED = "the workers of the employer were not supplied"
EVALUATE = """
from pathlib import Path
from orchestration.evaluation import evaluate_history
from orchestration.settings import load_settings
evaluate_history(load_settings())
"""


def load(settings: Settings) -> None:
    assert load_landing(settings.landing_dir, settings.raw_path, say=lambda _: None).failed == []


def evaluate(settings: Settings) -> list[date]:
    return evaluate_history(settings, say=lambda _: None)


def ledger(settings: Settings) -> dict[str, list[tuple]]:
    """All rows of both tables."""
    with duckdb.connect(str(settings.raw_path), read_only=True) as connection:
        return {
            table: connection.execute(f"from evaluation_ledger.{table} order by all").fetchall()
            for table in ("evidence", "evaluations")
        }


def reasons(settings: Settings) -> dict[date, str]:
    """Why nothing is said of retention, by the day evaluated."""
    with duckdb.connect(str(settings.raw_path), read_only=True) as connection:
        found = connection.execute("""
            select evaluated_on, reason from evaluation_ledger.evidence
            where account_id = 'a1' and component_code = 'retention_improvement'
        """).fetchall()
    return dict(found)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A tenant with one enrollment in January 2024, loaded, of which nothing is evaluated."""
    settings = settings_in(tmp_path_factory.mktemp("loaded"), as_of=AS_OF)
    land(settings.landing_dir, FILES)
    load(settings)
    return settings


@pytest.fixture(scope="module")
def evaluated(loaded: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The same after its first evaluation."""
    folder = tmp_path_factory.mktemp("evaluated") / "tenant"
    settings = copied(loaded, folder)
    assert evaluate(settings) == [FIRST, SECOND]
    return settings


def copied(settings: Settings, folder: Path) -> Settings:
    shutil.copytree(settings.landing_dir.parent, folder)
    return settings_in(folder, as_of=settings.as_of)


def test_each_half_year_end_since_the_first_year_is_evaluated_once(evaluated: Settings):
    before = ledger(evaluated)
    assert [(row[0], row[3] > 0) for row in before["evaluations"]] == [
        (FIRST, True),
        (SECOND, True),
    ]
    assert reasons(evaluated) == {FIRST: NOT_SUPPLIED, SECOND: NOT_SUPPLIED}
    assert evaluate(evaluated) == []
    assert ledger(evaluated) == before
    assert not (evaluated.data_dir / "evaluation").exists()


def test_an_earlier_as_of_date_leaves_later_half_years_as_they_are(
    evaluated: Settings, tmp_path: Path
):
    settings = copied(evaluated, tmp_path / "tenant")
    before = ledger(settings)
    assert evaluate(settings_in(tmp_path / "tenant", as_of=SECOND.isoformat())) == []
    assert ledger(settings) == before


def test_what_lands_late_is_evaluated_from_the_half_year_on_by_which_it_was_known(
    evaluated: Settings, tmp_path: Path
):
    """A run killed before it is done leaves the ledger as it was, and the next one goes on."""
    settings = copied(evaluated, tmp_path / "tenant")
    before = ledger(settings)
    land(settings.landing_dir, LATE)
    load(settings)
    running = subprocess.Popen(
        [sys.executable, "-c", EVALUATE],
        cwd=PROJECT_DIR,
        env={
            **os.environ,
            **{name: str(value) for name, value in environment_of(settings).items()},
        },
        stdout=subprocess.DEVNULL,
    )
    built = settings.data_dir / "evaluation" / "warehouse.duckdb"
    while running.poll() is None and not built.exists():
        time.sleep(0.1)
    running.kill()
    assert running.wait() == -signal.SIGKILL
    assert ledger(settings) == before
    assert evaluate(settings) == [SECOND]
    told = reasons(settings)
    assert told[FIRST] == NOT_SUPPLIED
    assert told[SECOND] not in (None, NOT_SUPPLIED)
    assert evaluate(settings) == []


def test_a_half_year_that_cannot_be_evaluated_stops_the_refresh_and_leaves_the_ledger(
    evaluated: Settings, tmp_path: Path
):
    settings = copied(evaluated, tmp_path / "tenant")
    land(settings.landing_dir, LATE)
    load(settings)
    with duckdb.connect(str(settings.raw_path)) as connection:
        connection.execute("alter table raw_participant.worker alter hire_date type varchar")
    before = ledger(settings)
    done = run_module("orchestration.refresh", **environment_of(settings))
    assert done.returncode == 1
    assert f"the evaluation as of {SECOND} failed: model " in done.stdout, done.stdout
    assert "the last release stays" in done.stdout
    assert ledger(settings) == before
    assert not settings.releases_dir.exists()


@pytest.fixture
def raw(loaded: Settings):
    with duckdb.connect(str(loaded.raw_path), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("name", ["models/new.sql", "macros/new.sql", "seeds/new.csv"])
def test_a_change_of_the_code_evaluates_every_half_year_again(
    name: str, raw: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for part in ("models", "macros", "seeds"):
        shutil.copytree(PROJECT_DIR / part, tmp_path / part)
    shutil.copy(PROJECT_DIR / "dbt_project.yml", tmp_path)
    days = [FIRST, SECOND]
    before = fingerprints(raw, days)
    monkeypatch.setattr(evaluation, "PROJECT_DIR", tmp_path)
    assert fingerprints(raw, days) == before
    (tmp_path / "models" / "notes.txt").write_text("what models are for")
    assert fingerprints(raw, days) == before
    (tmp_path / name).write_text("select 1 as one")
    after = fingerprints(raw, days)
    assert all(after[day] != before[day] for day in days)


def test_of_a_tenant_without_a_year_behind_it_or_a_contract_nothing_is_evaluated(
    loaded: Settings, tmp_path: Path
):
    young = settings_in(loaded.landing_dir.parent, as_of=FIRST.isoformat())
    assert evaluate(young) == []
    empty = settings_in(tmp_path)
    load(empty)
    assert evaluate(empty) == []
    nobody_buys = settings_in(tmp_path / "nobody_buys", as_of=AS_OF)
    unbought = {name: text for name, text in FILES.items() if "contract" not in name}
    land(nobody_buys.landing_dir, unbought)
    load(nobody_buys)
    assert evaluate(nobody_buys) == []
    for settings in (young, empty, nobody_buys):
        assert ledger(settings) == {"evidence": [], "evaluations": []}
