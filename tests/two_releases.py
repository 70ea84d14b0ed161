"""Releases written by hand over rows that are really landed: what the causes are judged from."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from conftest import settings_in
from tiny_tenant import land

from orchestration.changes import write_changes
from orchestration.load import load_landing
from orchestration.settings import Settings

TABLE = "rpt_x"
READS = ("participant.learning_event", "participant.enrollment", "operations.program")
BASE = {
    "stakeholder/account/accounts.csv": """
        account_id,name
        a1,Meridian Foods
        a2,Sunridge Health
    """,
    "operations/program/programs.csv": """
        program_id,title,planned_weeks
        g1,Data Analytics,12
    """,
    "participant/participant/participants.csv": """
        participant_id,account_id
        p1,a1
        p2,a2
    """,
    "participant/enrollment/enrollments.csv": """
        enrollment_id,participant_id,program_id,start_date,enrolled_at,updated_at
        e1,p1,g1,2026-02-02,2026-02-01T09:00:00Z,2026-02-01T09:00:00Z
        e2,p2,g1,2026-02-02,2026-02-01T09:00:00Z,2026-02-01T09:00:00Z
    """,
    "participant/learning_event/events.csv": """
        event_id,participant_id,enrollment_id,verb,occurred_at,stored_at
        v1,p1,e1,viewed,2026-02-10T08:00:00Z,2026-02-10T08:00:00Z
        v2,p2,e2,viewed,2026-03-10T08:00:00Z,2026-03-10T08:00:00Z
    """,
}
# One more event, as a file: whose, when it happened and when it was known.
EVENT = "event_id,participant_id,verb,occurred_at,stored_at\nv9,{},viewed,{}T08:00:00Z,{}T08:00:00Z"
MONTHS = {"2026-01": "2026-01-31", "2026-02": "2026-02-28", "2026-03": "2026-03-31"}
MONTHS |= {"2026-04": "2026-04-30", "2026-05": "2026-05-31"}

TYPES = {
    "metric_code": "varchar",
    "account_id": "varchar",
    "period_grain": "varchar",
    "period_start": "date",
    "period_end": "date",
    "unit": "varchar",
    "value": "double",
    "is_suppressed": "boolean",
    "table_name": "varchar",
}
METRIC_TYPES = dict.fromkeys(
    ("metric_code", "title", "definition", "formula", "unit", "threshold_codes", "definition_hash"),
    "varchar",
)


def value(number: float | None, month: str = "2026-02", **changes: Any) -> dict[str, Any]:
    """One row of rpt_metric_values: of account a1 in a month of 2026, unless said."""
    row = {
        "metric_code": "m1",
        "account_id": "a1",
        "period_grain": "month",
        "period_start": f"{month}-01",
        "period_end": MONTHS.get(month),
        "unit": "share",
        "value": number,
        "is_suppressed": False,
        "table_name": TABLE,
    }
    return {**row, **changes}


def metric(**changes: Any) -> dict[str, Any]:
    """One row of dim_metrics: of the metric m1, unless said."""
    row = {"metric_code": "m1", "title": "One", "definition": "D", "formula": "F"}
    row |= {"unit": "share", "threshold_codes": "none", "definition_hash": "h1"}
    return {**row, **changes}


@dataclass
class Story:
    """One tenant over time: what lands, and the releases made of it."""

    folder: Path

    @property
    def settings(self) -> Settings:
        """Where its landing folder, raw rows and releases are."""
        return settings_in(self.folder)

    def lands(self, name: str, text: str) -> None:
        """Land one more file, named as in `participant/learning_event/late.csv`, and load it."""
        land(self.settings.landing_dir, {name: text})
        self.loads()

    def loads(self) -> None:
        """Load what is new, and see that every row was accepted."""
        report = load_landing(self.settings.landing_dir, self.settings.raw_path, say=lambda _: None)
        assert not report.problem_counts, report.problem_counts

    def release(
        self,
        as_of: str,
        *values: dict[str, Any],
        metrics: tuple[dict[str, Any], ...] = (metric(),),
        code: str | None = "c1",
    ) -> Path:
        """Write a release as of a day with these values, over the rows loaded so far."""
        number = len(list(self.folder.glob("release-*")))
        folder = self.folder / f"release-{number}"
        (folder / "marts").mkdir(parents=True)
        write(folder / "marts" / "rpt_metric_values.parquet", list(values), TYPES)
        write(folder / "marts" / "dim_metrics.parquet", list(metrics), METRIC_TYPES)
        with duckdb.connect(str(self.settings.raw_path), read_only=True) as connection:
            relation = connection.sql("from load_ledger.batches order by batch_id")
            rows = relation.fetchall()
        names = ("batch_id", "family", "entity", "content_hash", "status")
        batches = [
            {n: v for n, v in zip(relation.columns, row, strict=True) if n in names} for row in rows
        ]
        manifest = {
            "release_id": folder.name,
            "as_of_date": as_of,
            "tables": [{"table": TABLE, "code_hash": code, "entities": list(READS)}],
            "batches": batches,
        }
        (folder / "manifest.json").write_text(json.dumps(manifest))
        return folder

    def changes(self, new: Path, old: Path | None) -> list[dict[str, Any]]:
        """What write_changes() says of a release against another, as rows."""
        manifest = json.loads((new / "manifest.json").read_text())
        count = write_changes(self.settings, new, manifest, old)
        rows = read(new / "changes.parquet")
        assert count == len(rows)
        return rows

    def change(self, new: Path, old: Path) -> tuple[str, str]:
        """Cause and detail of the only change."""
        (row,) = self.changes(new, old)
        return row["cause"], row["detail"]


def write(path: Path, rows: list[dict[str, Any]], types: dict[str, str]) -> None:
    """Write rows as Parquet, each with the columns in this order."""
    columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
    places = ", ".join("?" for _ in types)
    with duckdb.connect() as connection:
        connection.execute(f"create table rows ({columns})")
        for row in rows:
            assert list(row) == list(types)
            connection.execute(f"insert into rows values ({places})", list(row.values()))
        connection.execute(f"copy rows to '{path}' (format parquet)")


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a Parquet file."""
    with duckdb.connect() as connection:
        relation = connection.sql(f"from read_parquet('{path}')")
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
