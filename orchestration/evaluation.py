"""What the warehouse could say at the ends of past half-years, from what was known then.

Differences of outcomes, returns and profits cannot be had for a past day from today's tables:
identity links, workers and corrections have changed since. So they are built as of each 30 June and
31 December, by the same models, and kept in the raw database's evaluation ledger. The rows of a day
follow from the raw rows known by then and the code alone, so a day is built again only if one of
these has changed.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import duckdb

from orchestration.build import describe
from orchestration.contract import Entity, read_contract
from orchestration.dbt_project import NO_TESTS, run_dbt
from orchestration.load import sql
from orchestration.load.ledger import raw_table
from orchestration.settings import PROJECT_DIR, Settings

MODEL = "int_evidence_evaluate"


class EvaluationError(Exception):
    """A past half-year could not be evaluated; the ledger keeps what it had."""


def evaluate_history(settings: Settings, say: Callable[[str], None] = print) -> list[date]:
    """Bring the evaluation ledger up to date for the half-years before the as-of date.

    Returns:
        The days that were evaluated, without those of which nothing had changed.

    Raises:
        EvaluationError: dbt failed. Days evaluated before it are kept, the others as they were.
    """
    with duckdb.connect(str(settings.raw_path), read_only=True) as connection:
        due = _half_year_ends(connection, settings.as_of)
        wanted = fingerprints(connection, due)
        had = dict(
            connection.execute(
                "select evaluated_on, fingerprint from evaluation_ledger.evaluations"
            ).fetchall()
        )
    changed = [day for day in due if had.get(day) != wanted[day]]
    for day in changed:
        started = time.monotonic()
        rows = _evaluate(settings, day, wanted[day])
        say(f"  as of {day}: {rows} rows of evidence, {time.monotonic() - started:.0f} s")
    say(f"evaluated {len(changed)} past half-years, {len(due) - len(changed)} were unchanged")
    return changed


def fingerprints(connection: duckdb.DuckDBPyConnection, days: Iterable[date]) -> dict[date, str]:
    """Return for each day what its rows follow from: the raw rows known by its end, and the code.

    Raw rows are only ever added, so that their number changes whenever they do.
    """
    code, days = code_hash(), list(days)
    counts = {entity: _known_counts(connection, entity, days) for entity in read_contract()}
    return {
        day: hashlib.sha256(
            json.dumps(
                [code, {f"{e.family}.{e.name}": known[number] for e, known in counts.items()}]
            ).encode()
        ).hexdigest()
        for number, day in enumerate(days)
    }


def code_hash() -> str:
    """Return the hash of every file that says how the models compute."""
    hashed = hashlib.sha256((PROJECT_DIR / "dbt_project.yml").read_bytes())
    folders = (PROJECT_DIR / name for name in ("models", "macros", "seeds"))
    for path in sorted(path for folder in folders for path in folder.rglob("*.*")):
        if path.suffix in (".sql", ".yml", ".csv"):
            hashed.update(str(path.relative_to(PROJECT_DIR)).encode())
            hashed.update(hashlib.sha256(path.read_bytes()).digest())
    return hashed.hexdigest()


def _half_year_ends(connection: duckdb.DuckDBPyConnection, as_of: str | None) -> list[date]:
    """Return each 30 June and 31 December before the as-of date that there is something to say of.

    None is within a year of the first month with an enrollment, or before any was known: the model
    has no rows then. Without a contract there is none: nobody's health asks for it.
    """
    first, first_known, latest, contracts = connection.execute(
        """
        select
            min(coalesce(enrolled_at::date, start_date)),
            min(coalesce(updated_at, enrolled_at, '1900-01-01')::date),
            (
                select max(last_known_at)::date from load_ledger.batches
                where status = 'loaded'
            ),
            (select count(*) from raw_financial.contract)
        from raw_participant.enrollment
        """
    ).fetchall()[0]
    until = date.fromisoformat(as_of) if as_of else latest
    if first is None or until is None or not contracts:
        return []
    start = max(first_known, first.replace(year=first.year + 1, day=1) - timedelta(days=1))
    ends = [
        date(year, month, day)
        for year in range(start.year, until.year + 1)
        for month, day in ((6, 30), (12, 31))
    ]
    return [end for end in ends if start <= end < until]


def _known_counts(
    connection: duckdb.DuckDBPyConnection, entity: Entity, days: list[date]
) -> list[int]:
    """Return how many raw rows of an entity were known at the end of each day, by known_rows()."""
    times = [name for name in (entity.known_at, entity.event_time) if name]
    known_at = ", ".join([*(f"{sql.name(name)}::timestamp" for name in times), "'1900-01-01'"])
    counts = [
        f"count(*) filter (where coalesce({known_at}) < timestamp '{day + timedelta(days=1)}')"
        for day in days
    ]
    query = f"select {', '.join(['count(*)', *counts])} from {raw_table(entity)}"
    return list(connection.execute(query).fetchall()[0][1:])


def _evaluate(settings: Settings, day: date, fingerprint: str) -> int:
    """Build the model as of a day, put its rows into the ledger, and return their number."""
    then = replace(settings, as_of=day.isoformat(), build_name="evaluation")
    shutil.rmtree(then.build_path.parent, ignore_errors=True)
    then.build_path.parent.mkdir(parents=True)
    outcome = run_dbt(
        then,
        "build",
        "--select",
        f"+{MODEL}",
        *NO_TESTS,
        target_dir=settings.dbt_target_dir / "evaluation",
    )
    if not outcome.success:
        results = outcome.result.results if outcome.result else []
        problems = [describe(result) for result in results if result.status == "error"]
        told = "\n".join(problems) or outcome.exception
        raise EvaluationError(f"the evaluation as of {day} failed: {told}")
    with duckdb.connect(str(settings.raw_path)) as connection:
        connection.execute(f"attach {sql.text(str(then.build_path))} as built (read_only)")
        connection.begin()
        for table in ("evidence", "evaluations"):
            connection.execute(
                f"delete from evaluation_ledger.{table} where evaluated_on = ?", [day]
            )
        (rows,) = connection.execute(
            f"insert into evaluation_ledger.evidence by name from built.intermediate.{MODEL}"
        ).fetchall()[0]
        connection.execute(
            "insert into evaluation_ledger.evaluations values (?, ?, ?, ?)",
            [day, fingerprint, datetime.now(UTC).replace(tzinfo=None), rows],
        )
        connection.commit()
    shutil.rmtree(then.build_path.parent)
    return rows
