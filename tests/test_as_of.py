"""As of a date, everything is as it was known then: the same as if later rows had never landed."""

import csv
import gzip
import io
import json
from datetime import UTC, datetime, time
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import run_module, settings_in

from orchestration.contract import Entity, read_contract
from orchestration.dbt_project import run_dbt
from orchestration.load import load_landing
from orchestration.settings import Settings

DATES = ("2024-09-15", "2025-07-31", "2026-03-14")
CONTRACT = {(entity.family, entity.name): entity for entity in read_contract()}
# The loader's account of what has landed until now, whatever the as-of date.
OF_THE_LOADER = {
    "rpt_rejected_rows": None,
    "rpt_source_health": {
        "batches_count",
        "failed_batches_count",
        "received_count",
        "accepted_count",
        "rejected_count",
        "duplicate_count",
        "corrected_count",
        "last_loaded_at",
    },
}


def was_known(entity: Entity, row: dict, date: str) -> bool:
    """Whether a landed row was known at the end of a day; one that cannot be dated stays in."""
    for column in (entity.known_at, entity.event_time):
        value = row.get(column) if column else None
        if value in (None, ""):
            continue
        try:
            moment = datetime.fromisoformat(str(value).strip())
        except ValueError:
            return True
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment <= datetime.combine(datetime.fromisoformat(date), time.max, UTC)
    return True


def keep_known(source: Path, target: Path, entity: Entity, date: str) -> None:
    """Copy a landed file without the rows that were not known yet."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".parquet":
        table = pq.read_table(source)
        kept = [was_known(entity, row, date) for row in table.to_pylist()]
        pq.write_table(table.filter(pa.array(kept, pa.bool_())), target)
        return
    packed = source.suffix == ".gz"
    content = source.read_bytes()
    text = (gzip.decompress(content) if packed else content).decode()
    written = io.StringIO(newline="")
    if ".jsonl" in source.suffixes:
        for line in text.splitlines(keepends=True):
            if was_known(entity, json.loads(line), date):
                written.write(line)
    else:
        reader = csv.DictReader(io.StringIO(text, newline=""))
        writer = csv.DictWriter(written, reader.fieldnames)
        writer.writeheader()
        writer.writerows(row for row in reader if was_known(entity, row, date))
    kept = written.getvalue().encode()
    if kept:
        target.write_bytes(gzip.compress(kept) if packed else kept)


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo tenant, with all its flaws and corrections."""
    folder = tmp_path_factory.mktemp("tenant") / "landing"
    outcome = run_module("sample_data", "--out", folder, "--scale", "0.05", "--seed", "3")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return folder


@pytest.fixture(scope="module")
def everything(landing: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """All that has landed, loaded once."""
    settings = settings_in(tmp_path_factory.mktemp("everything"))
    load_landing(landing, settings.raw_path, say=lambda _: None)
    return settings


def build(settings: Settings) -> dict[str, list[str]]:
    """Build the models; return the columns of each public table."""
    settings.build_path.parent.mkdir(parents=True, exist_ok=True)
    no_tests = ("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")
    outcome = run_dbt(settings, "build", *no_tests)
    assert outcome.success, [r.message for r in outcome.result.results if r.status == "error"]
    with duckdb.connect(str(settings.build_path), read_only=True) as connection:
        rows = connection.execute("""
            select schema_name || '.' || table_name, list(column_name order by column_index)
            from duckdb_columns()
            where database_name = 'warehouse'
                and schema_name not in ('staging', 'intermediate', 'seeds', 'build')
            group by all order by all
        """).fetchall()
    return dict(rows)


@pytest.mark.parametrize("date", DATES)
def test_as_of_a_date_equals_a_build_from_what_was_known_then(
    date: str, landing: Path, everything: Settings, tmp_path: Path
):
    known = settings_in(tmp_path, as_of=date)
    for (family, name), entity in CONTRACT.items():
        for path in sorted((landing / family / name).glob("*")):
            keep_known(path, known.landing_dir / family / name / path.name, entity, date)
    report = load_landing(known.landing_dir, known.raw_path, say=lambda _: None)
    assert report.failed == []
    assert report.total("accepted_count") > 1_000
    dated = settings_in(everything.data_dir.parent, as_of=date)
    tables = build(dated)
    assert build(known) == tables
    assert len(tables) > 12
    with duckdb.connect() as connection:
        connection.execute(f"attach '{dated.build_path}' as dated (read_only)")
        connection.execute(f"attach '{known.build_path}' as known (read_only)")
        connection.execute(f"attach '{everything.raw_path}' as all_rows (read_only)")
        for table, names in tables.items():
            skipped = OF_THE_LOADER.get(table.partition(".")[2], set())
            if skipped is None:
                continue
            columns = ", ".join(name for name in names if name not in skipped)
            here, there = (f"(select {columns} from {db}.{table})" for db in ("dated", "known"))
            differing = connection.execute(
                f"select * from ((from {here} except all from {there}) union all "
                f"(from {there} except all from {here})) limit 3"
            ).fetchall()
            assert differing == [], f"{table} as of {date}"
        enrolled = connection.execute(
            "select count(*) from dated.funnel_conversion.fct_enrollment_journeys"
        ).fetchall()
        in_all = connection.execute(
            "select count(distinct enrollment_id) from all_rows.raw_participant.enrollment"
        ).fetchall()
        assert (10,) < enrolled[0] < in_all[0]
