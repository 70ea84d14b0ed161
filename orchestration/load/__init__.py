"""Load the landing folder into the raw database, every row accounted for."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.contract import read_contract
from orchestration.load.batch import load_file
from orchestration.load.landing import FileProblem, LandedFile, Stamp, find_files
from orchestration.load.ledger import (
    forget_failures,
    has_rows,
    loaded_files,
    next_number,
    prepare,
    problem_counts,
)
from orchestration.load.report import Batch, LoadReport

__all__ = ["Batch", "LoadReport", "load_landing"]


def load_landing(
    landing_dir: Path,
    raw_path: Path,
    say: Callable[[str], None] = print,
    loaded_at: datetime | None = None,
    with_summary: bool = True,
) -> LoadReport:
    """Load what is new in the landing folder and return what became of it.

    Each file is one transaction. A file that has not changed since it was loaded is not read again.
    A file or folder that cannot be loaded is a failed batch and stops nothing.

    Args:
        landing_dir: The folder of `<family>/<entity>/<file>`; it may be missing.
        raw_path: The DuckDB file to load into, made where missing.
        say: Takes the progress, a line per file and a summary.
        loaded_at: The time of the load, by default now; without an offset it is UTC.
        with_summary: Whether the summary is said at the end; it is in the report in any case.
    """
    moment = loaded_at or datetime.now(UTC)
    if moment.tzinfo:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    contract = {(entity.family, entity.name): entity for entity in read_contract()}
    report = LoadReport()
    with _open(raw_path) as (connection, work_dir):
        prepare(connection, contract.values())
        try:
            files, report.passed_over = find_files(landing_dir, contract.values())
        except FileProblem as problem:
            report.note = f"the landing folder {landing_dir} {problem}: nothing new to load"
            files = []
        else:
            forget_failures(connection, keep=[file.label for file in files])
        known, number = loaded_files(connection), next_number(connection)
        for file in files:
            if _is_known(file, known):
                report.unchanged_count += 1
                continue
            start = time.monotonic()
            entity = contract.get((file.family, file.entity))
            batch = load_file(connection, file, entity, number, moment, work_dir)
            number += 1
            report.batches.append(batch)
            say(f"{batch.line}, {time.monotonic() - start:.1f} s")
        report.problem_counts = problem_counts(connection, report.batches)
        report.has_rows = has_rows(connection)
    for line in report.summary.splitlines() if with_summary else ():
        say(line)
    return report


def _is_known(file: LandedFile, known: dict[str, tuple[int, int]]) -> bool:
    """Whether the file was loaded before as it is now, judged by its size and time of change."""
    try:
        stamp = Stamp.of(file.path)
    except FileProblem:
        return False
    return known.get(file.label) == (stamp.size, stamp.mtime_ns)


@contextmanager
def _open(raw_path: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """Open the raw database, which locks it, and an empty folder beside it for scratch files."""
    raw_path.parent.mkdir(parents=True, exist_ok=True)
    work_dir = raw_path.with_name(raw_path.name + ".load")
    config = {
        # DuckDB takes up to a gigabyte that it does not count: see benchmarks/README.md.
        "memory_limit": os.environ.get("DUCKDB_MEMORY_LIMIT", "").strip() or "2.5GB",
        "temp_directory": os.fspath(work_dir / "spill"),
    }
    with duckdb.connect(os.fspath(raw_path), config=config) as connection:
        connection.execute("set TimeZone = 'UTC'")
        # What a killed load left behind goes here, too.
        shutil.rmtree(work_dir, ignore_errors=True)
        work_dir.mkdir()
        try:
            yield connection, work_dir
        finally:
            shutil.rmtree(work_dir, ignore_errors=True)
