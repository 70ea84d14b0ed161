"""Writes the account tables of a release: what may be handed to each account, and no more."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.account_tables import money, opinions, others, outcomes
from orchestration.account_tables.cells import Cells, cells_of, ties
from orchestration.account_tables.journey import PROGRAMS, STAGES, Benchmarks, journey_rows
from orchestration.account_tables.marts import ask, groups_of, open_marts, with_tables
from orchestration.account_tables.repair import repair
from orchestration.account_tables.suppress import suppress
from orchestration.account_tables.told import told_before
from orchestration.account_tables.trust import trust_rows
from orchestration.load import sql

TEXT, COUNT, SHARE = pa.string(), pa.int64(), pa.float64()
# The tables that Python makes; the others are queries.
JOURNEY = pa.schema(
    {
        "account_id": TEXT,
        "cut": TEXT,
        "member_code": TEXT,
        "member_title": TEXT,
        "member_order": COUNT,
        "stage_code": TEXT,
        "stage_order": COUNT,
        "stage_title": TEXT,
        "from_title": TEXT,
        "function_code": TEXT,
        "numerator_count": COUNT,
        "denominator_count": COUNT,
        "rate": SHARE,
        "ci_low": SHARE,
        "ci_high": SHARE,
        "share_text": TEXT,
        "benchmark_rate": SHARE,
        "benchmark_accounts_count": COUNT,
        "is_hidden": pa.bool_(),
        "hidden_reason": TEXT,
    }
)
TRUST = pa.schema(
    {
        "account_id": TEXT,
        "item_code": TEXT,
        "item_order": COUNT,
        "title": TEXT,
        "value_text": TEXT,
    }
)
PROFILE = pa.schema(
    {
        "account_id": TEXT,
        "name": TEXT,
        "as_of_date": pa.date32(),
        "enrolled_to_date": COUNT,
        "last_full_intake": TEXT,
        "covers_text": TEXT,
    }
)
QUERIES = {
    "account_outcomes": outcomes.OUTCOMES,
    "account_return": money.RETURN,
    "account_return_lines": money.RETURN_LINES,
    "account_voice": opinions.VOICE,
    "account_words": others.WORDS,
}


def write_account_tables(
    folder: Path, manifest: Mapping[str, Any], earlier: Sequence[Path] = ()
) -> None:
    """Write `account_tables/<table>.parquet` of a release in the making, for every account.

    What earlier releases told is read from their own account tables, so that no difference of two
    releases tells what both hide.

    Raises:
        FileNotFoundError: a mart is not there; the message names it.
    """
    as_of = manifest["as_of_date"]
    target = folder / "account_tables"
    target.mkdir(parents=True, exist_ok=True)
    with open_marts() as connection:
        opinions.find_moved(connection, folder, earlier)
        for table, query in QUERIES.items():
            query = with_tables(folder, query).replace("$as_of", sql.text(as_of))
            path = sql.text(str(target / f"{table}.parquet"))
            connection.execute(f"copy ({query}) to {path} (format parquet, compression zstd)")
        profiles = ask(connection, folder, others.PROFILE, as_of=as_of)
        stages = ask(connection, folder, STAGES)
        titles = {row["program_id"]: row["title"] for row in ask(connection, folder, PROGRAMS)}
        groups = groups_of(connection, folder, as_of)
    told = told_before(earlier)
    previous = {stage["stage_code"]: stage["from_code"] for stage in stages}
    every: dict[str, Cells] = {}
    for profile in profiles:
        account_id = profile["account_id"]
        own = groups.get(account_id, [])
        every[account_id] = cells_of(own)
        tied = ties(every[account_id], own, previous)
        before = told.get(account_id, [])
        suppress(every[account_id], tied, [row for release in before for row in release.rows])
        enrolled = profile["enrolled_to_date"]
        repair(every[account_id], tied, own, before, previous, enrolled)
    benchmarks = Benchmarks(every)
    journeys, trusted = [], []
    for profile in profiles:
        account_id = profile["account_id"]
        rows = journey_rows(account_id, every[account_id], stages, titles, benchmarks)
        intakes = {row["member_title"]: None for row in rows if row["cut"] == "intake"}
        full = [
            row["member_title"]
            for row in rows
            if row["cut"] == "intake" and row["stage_code"] == "completed"
        ]
        profile["last_full_intake"] = full[-1] if full else None
        profile["covers_text"] = _covers(list(intakes))
        journeys += rows
        trusted += trust_rows(account_id, rows, manifest, profile["covers_text"])
    _write(target / "account_journey.parquet", journeys, JOURNEY)
    _write(target / "account_profile.parquet", profiles, PROFILE)
    _write(target / "account_trust.parquet", trusted, TRUST)


def _covers(intakes: Sequence[str]) -> str:
    """The intakes of a report in words: their titles are 'July to December 2024' and so on."""
    if not intakes:
        return "No intake has had its whole time yet"
    first, last = intakes[0], intakes[-1]
    begins = f"{first.split(' to ')[0]} {first[-4:]}"
    return f"The intakes from {begins} to {last.split(' to ')[1]}, each where it has had its time"


def _write(path: Path, rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> None:
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path, compression="zstd")
