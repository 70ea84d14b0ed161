"""Each cause, from landed files to `changes.parquet`: one thing happens between two releases."""

import json
import shutil
from pathlib import Path

import pytest
from conftest import settings_in
from tiny_tenant import FILES, land
from two_releases import read

from orchestration import dbt_project
from orchestration.build import record_build
from orchestration.changes import write_changes
from orchestration.dbt_project import NO_TESTS, run_dbt
from orchestration.load import load_landing
from orchestration.release_content import export_marts
from orchestration.settings import PROJECT_DIR, Settings

# A second account beside the tiny tenant's: one person, who starts in January.
SECOND = {
    "stakeholder/account/second.csv": "account_id,name\na2,Sunridge Health",
    "participant/participant/second.csv": "participant_id,account_id\np4,a2",
    "participant/enrollment/second.csv": """
        enrollment_id,participant_id,program_id,start_date,enrolled_at,updated_at
        e4,p4,g1,2026-01-05,2026-01-02T09:00:00Z,2026-01-02T09:00:00Z
    """,
    "participant/learning_event/second.csv": """
        event_id,participant_id,enrollment_id,verb,occurred_at
        w1,p4,e4,logged_in,2026-01-05T08:00:00Z
        w2,p4,e4,viewed,2026-01-05T08:05:00Z
    """,
}
NEW_MONTH = {
    "participant/participant/april.csv": "participant_id,account_id\np3,a1",
    "participant/enrollment/april.csv": """
        enrollment_id,participant_id,program_id,start_date,enrolled_at,updated_at
        e3,p3,g1,2026-04-01,2026-04-01T07:00:00Z,2026-04-01T07:00:00Z
    """,
    "participant/learning_event/april.csv": """
        event_id,participant_id,enrollment_id,verb,occurred_at
        v7,p3,e3,logged_in,2026-04-01T08:00:00Z
        v8,p3,e3,viewed,2026-04-01T08:05:00Z
        v9,p3,e3,viewed,2026-04-30T08:05:00Z
    """,
}
LATE_ROW_OF_A1 = """
    event_id,participant_id,enrollment_id,verb,occurred_at,stored_at
    v10,p2,e2,viewed,2026-02-10T08:05:00Z,2026-04-30T09:00:00Z
"""
CORRECTED_KEY_OF_A2 = """
    enrollment_id,participant_id,program_id,start_date,enrolled_at,updated_at
    e4,p4,g1,2026-02-02,2026-01-02T09:00:00Z,2026-04-30T09:00:00Z
"""


class History:
    """The releases of one tenant, one after the other, from the models behind the values."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.releases = settings, []

    def refresh(self) -> list[dict]:
        """Load what landed, build, release, and return the changes."""
        settings = self.settings
        load_landing(settings.landing_dir, settings.raw_path, say=lambda _: None)
        shutil.rmtree(settings.build_path.parent, ignore_errors=True)
        settings.build_path.parent.mkdir(parents=True)
        outcome = run_dbt(settings, "build", "--select", "+rpt_metric_values", *NO_TESTS)
        assert outcome.success, outcome.exception
        record_build(settings, list(outcome.result.results))
        settings.build_path.replace(settings.warehouse_path)
        folder = settings.releases_dir / f"release-{len(self.releases)}"
        manifest = {"release_id": folder.name, **export_marts(settings, folder / "marts")}
        earlier = self.releases[-1] if self.releases else None
        count = write_changes(settings, folder, manifest, earlier)
        (folder / "manifest.json").write_text(json.dumps(manifest))
        self.releases.append(folder)
        rows = read(folder / "changes.parquet")
        assert len(rows) == count
        return rows


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict]]:
    """What changed after each thing that happened."""
    folder = tmp_path_factory.mktemp("history")
    history = History(settings_in(folder))
    landing = history.settings.landing_dir
    land(landing, {**FILES, **SECOND})
    told = {"first": history.refresh()}
    land(landing, NEW_MONTH)
    told["new month"] = history.refresh()
    land(landing, {"participant/learning_event/late.csv": LATE_ROW_OF_A1})
    land(landing, {"participant/enrollment/corrected.csv": CORRECTED_KEY_OF_A2})
    told["late row and corrected key"] = history.refresh()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            dbt_project, "PROJECT_DIR", project_with_four_active_weeks(folder / "project")
        )
        told["definition"] = history.refresh()
    return told


def project_with_four_active_weeks(copy: Path) -> Path:
    """A copy of the dbt project in which four active weeks make a learner engaged, not three."""
    for name in ("models", "macros", "seeds", "tests/data"):
        shutil.copytree(PROJECT_DIR / name, copy / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT_DIR / name, copy / name)
    seed = copy / "seeds" / "thresholds.csv"
    before = seed.read_text()
    seed.write_text(before.replace("engagement_active_weeks,3,", "engagement_active_weeks,4,"))
    assert seed.read_text() != before
    return copy


def by_key(rows: list[dict]) -> dict[tuple[str, str, str], dict]:
    return {(row["metric_code"], row["account_id"], str(row["period_start"])): row for row in rows}


def test_the_first_release_changes_nothing(told):
    assert told["first"] == []


def test_a_month_that_lands_makes_new_periods_and_moves_no_closed_one(told):
    rows = told["new month"]
    assert {row["cause"] for row in rows} == {"new_period"}
    april = by_key(rows)["activation_rate", "a1", "2026-04-01"]
    assert (april["old_value"], april["new_value"]) == (None, 1.0)
    assert "ends on 2026-04-30, after 2026-03-31" in april["detail"]


def test_a_late_row_is_the_cause_in_its_account_and_week(told):
    rows = [row for row in told["late row and corrected key"] if row["account_id"] == "a1"]
    assert {row["cause"] for row in rows} == {"late_data"}
    week = by_key(rows)["weekly_engagement_rate", "a1", "2026-02-09"]
    assert (week["old_value"], week["new_value"]) == (0.0, 0.5)
    assert week["detail"].endswith("touch the period: learning_event (1).")


def test_a_corrected_key_is_the_cause_in_its_account_where_it_was_and_where_it_is(told):
    rows = [row for row in told["late row and corrected key"] if row["account_id"] == "a2"]
    assert {row["cause"] for row in rows} == {"correction"}
    gone = by_key(rows)["weekly_engagement_rate", "a2", "2026-01-05"]
    assert (gone["old_value"], gone["new_value"]) == (1.0, None)
    assert "touch the period have another version: enrollment (1)." in gone["detail"]
    come = by_key(rows)["activation_rate", "a2", "2026-02-01"]
    assert come["old_value"] is None
    assert "touch the period have another version: enrollment (1)." in come["detail"]


def test_a_changed_threshold_is_a_change_of_definition_and_names_it(told):
    rows = told["definition"]
    assert {row["cause"] for row in rows} == {"definition_change"}
    row = by_key(rows)["engagement_rate", "a1", "2026-01-01"]
    assert (row["old_value"], row["new_value"]) == (1.0, 0.0)
    assert "engagement_active_weeks" in row["detail"]
