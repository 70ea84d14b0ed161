"""Checking a landing folder: what the supplier is told, and that nothing else is touched."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tiny_tenant
from conftest import run_module
from test_load import EVENTS, Provider, as_csv, event

from orchestration.check_landing import check_landing
from orchestration.contract import read_contract
from orchestration.settings import PROJECT_DIR


@pytest.fixture
def provider(tmp_path: Path) -> Provider:
    return Provider(tmp_path)


def check(provider: Provider) -> tuple[bool, str]:
    """Check a provider's landing folder; return whether it is sound, and the report."""
    said: list[str] = []
    return check_landing(provider.landing, said.append), "\n".join(said)


def section(report: str, title: str) -> list[str]:
    """Return the lines of the section whose title begins so; none where the report has none."""
    for part in report.split("\n\n"):
        first, *lines = part.strip().splitlines()
        if first.startswith(title):
            return [line.strip() for line in lines]
    return []


def test_a_sound_folder_is_said_to_be_sound(provider: Provider):
    tiny_tenant.land(provider.landing)
    is_sound, report = check(provider)
    assert is_sound
    assert report.endswith("Result: every row can be loaded")
    header, *rows = section(report, "Rows by entity")
    assert " ".join(header.split()) == "files received accepted rejected duplicate corrected"
    assert [row.split() for row in rows][3] == [EVENTS, "1", "6", "6", "0", "0", "0"]
    for title in ("Rejected", "Files", "Not looked", "Columns", "Values", "No release"):
        assert section(report, title) == []


def test_rejected_rows_are_told_by_reason_with_places_and_without_values(provider: Provider):
    rows = [event(number, quantity="many-secret") for number in range(1, 6)]
    provider.land("a.csv", as_csv([*rows, event(6), event(7, verb="")]))
    provider.land(
        "b.csv",
        "participant_id,account_id,registered_at\np1,a1,ann@secret.example\n",
        "participant/participant",
    )
    is_sound, report = check(provider)
    assert not is_sound
    assert section(report, "Rejected rows") == [
        f"{EVENTS}: 5 rows, bad_integer: quantity: write a whole number, such as 12",
        f"for example {EVENTS}/a.csv, row 1; {EVENTS}/a.csv, row 2; {EVENTS}/a.csv, row 3",
        f"{EVENTS}: 1 row, missing_required: verb: is empty, and is required",
        f"for example {EVENTS}/a.csv, row 7",
        "participant/participant: 1 row, bad_timestamp: registered_at: write a time in ISO 8601, "
        "such as 2026-06-30T14:05:00Z",
        "for example participant/participant/b.csv, row 1",
    ]
    assert "secret" not in report
    assert report.endswith("Result: to mend, 7 rejected rows, 0 files that cannot be loaded")


def test_a_broken_record_is_told_without_a_column(provider: Provider):
    provider.land("a.csv", as_csv([event(1)]) + "e2,p2\n")
    _, report = check(provider)
    first, _ = section(report, "Rejected rows")
    assert first.startswith(f"{EVENTS}: 1 row, wrong_field_count: the row has not as many values")


def test_a_file_that_cannot_be_loaded_is_told_with_what_to_do(provider: Provider):
    provider.land("a.csv", "")
    provider.land("b.csv", as_csv([event(1)]))
    provider.land("events.csv", "x", ".")
    provider.land("README.md", "x", ".")
    is_sound, report = check(provider)
    assert not is_sound
    failed = section(report, "Files that cannot be loaded")
    assert failed[0].startswith("events.csv lies outside the folders")
    assert failed[1] == f"{EVENTS}/a.csv is empty: there is not even a header"
    assert section(report, "Not looked at") == ["README.md"]
    assert "0 rejected rows, 2 files that cannot be loaded" in report


def test_values_that_point_at_nothing_are_told_and_no_fault(provider: Provider):
    tiny_tenant.land(provider.landing)
    provider.land("more.csv", as_csv([event(1, participant_id="p1"), event(2, participant_id="q")]))
    provider.land(
        "j.csv",
        "cohort_id,program_id,start_date\nc1,g1,2026-01-01\nc2,nowhere,2026-01-01\n",
        "operations/cohort",
    )
    is_sound, report = check(provider)
    assert is_sound
    assert section(report, "Values that point at no row") == [
        "operations/cohort, program_id: 1 row for which there is no operations/program; "
        "for example operations/cohort/j.csv, row 2",
        f"{EVENTS}, participant_id: 1 row for which there is no participant/participant; "
        f"for example {EVENTS}/more.csv, row 2",
    ]


def test_a_worker_is_looked_for_within_its_account(provider: Provider):
    workers = "account_id,worker_id,effective_from,hire_date\na1,w1,2026-01-01,2020-01-01\n"
    provider.land("a.csv", workers, "participant/worker")
    absences = "account_id,worker_id,absence_date,hours\na1,w1,2026-01-05,8\na2,w1,2026-01-05,8\n"
    provider.land("a.csv", absences, "participant/absence")
    _, report = check(provider)
    orphans = section(report, "Values that point at no row")
    assert [line for line in orphans if "absence, worker_id" in line] == [
        "participant/absence, worker_id: 1 row for which there is no participant/worker; "
        "for example participant/absence/a.csv, row 2"
    ]
    assert any("stakeholder/account, of which nothing has landed" in line for line in orphans)


def test_who_voids_a_statement_is_not_looked_for(provider: Provider):
    tiny_tenant.land(provider.landing)
    voiding = {
        "id": "00000000-0000-4000-8000-000000000001",
        "actor": {"mbox": "mailto:admin@example.com"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {
            "objectType": "StatementRef",
            "id": "00000000-0000-4000-8000-000000000002",
        },
        "timestamp": "2026-03-01T00:00:00Z",
    }
    provider.land("a.jsonl", json.dumps(voiding))
    is_sound, report = check(provider)
    assert is_sound
    assert section(report, "Values that point at no row") == []


def test_what_is_missing_is_told_with_the_pages_that_it_unlocks(provider: Provider):
    provider.land("a.csv", as_csv([event(1, mood="good")]))
    _, report = check(provider)
    assert section(report, "No release is made") == [
        "operations/program",
        "participant/participant",
        "participant/enrollment",
        "stakeholder/account",
    ]
    missing = section(report, "Entities without an accepted row")
    assert len(missing) == len(read_contract()) - 5
    assert missing[0] == "financial/contract (core): account profitability, renewal health"
    assert "participant/worker (standard): funnel conversion, employer roi" in missing
    empty = section(report, "Optional columns without a value")
    assert f"{EVENTS}: stored_at: signals" in empty
    assert not any("quantity" in line and "occurred_at" in line for line in empty)
    assert section(report, "Columns that the contract does not know") == [f"{EVENTS}/a.csv: mood"]


def test_an_empty_and_a_missing_folder_have_nothing_to_check(provider: Provider):
    provider.land("README.md", "x", ".")
    is_sound, report = check(provider)
    assert not is_sound
    assert "holds no file to check\n  not looked at: README.md" in report
    said: list[str] = []
    assert not check_landing(provider.landing / "nowhere", said.append)
    assert "does not exist" in said[0]
    assert "LANDING_DIR=" in said[-1]


def test_header_lines_alone_are_nothing_to_check(provider: Provider):
    provider.land("a.csv", as_csv([event(1)]).splitlines()[0] + "\n")
    is_sound, report = check(provider)
    assert not is_sound
    assert report.endswith("Result: nothing to check: the files hold no row")


def test_a_reader_that_stops_reading_changes_nothing(tmp_path: Path):
    tiny_tenant.land(tmp_path / "landing")
    environment = {"LANDING_DIR": tmp_path / "landing", "DATA_DIR": tmp_path, "TMPDIR": tmp_path}
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.check_landing"],
        cwd=PROJECT_DIR,
        env={**os.environ, **{name: str(value) for name, value in environment.items()}},
        stdout=write_end,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write_end)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_says_by_its_exit_code_whether_all_can_be_loaded(tmp_path: Path):
    landing, data = tmp_path / "landing", tmp_path / "data"
    tiny_tenant.land(landing)
    environment = {"LANDING_DIR": landing, "DATA_DIR": data, "TMPDIR": tmp_path}
    sound = run_module("orchestration.check_landing", **environment)
    assert sound.returncode == 0, sound.stderr
    (landing / "stakeholder" / "account" / "more.csv").write_text("account_id,name\na2,\n")
    unsound = run_module("orchestration.check_landing", **environment)
    assert unsound.returncode == 1, unsound.stderr
    assert "name: is empty, and is required" in unsound.stdout
    # Nothing is loaded, and nothing is left behind.
    assert not data.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["landing"]


def test_the_documents_list_every_entity_of_the_contract():
    docs = PROJECT_DIR / "docs"
    landing_files = (docs / "guides" / "landing_files.md").read_text(encoding="utf-8")
    families = (docs / "input_contract.md").read_text(encoding="utf-8").partition("\n54 in all")[0]
    for entity in read_contract():
        assert f"| `{entity.family}/{entity.name}` |" in landing_files
        assert re.search(rf"^\| `{entity.family}` .*[ ,]{entity.name}[ ,]", families, re.MULTILINE)
    assert len(read_contract()) == 54
