"""What releases told each account of its journey and its opinions, and the truth behind it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.account_tables.marts import groups_of, open_marts
from orchestration.account_tables.unknowns import Release


def rows_of(
    folder: Path, table: str, account_id: str | None, columns: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """The rows of an account table, of one account or of all."""
    path = folder / "account_tables" / f"{table}.parquet"
    return _table_of(path, account_id, columns).to_pylist()


def _table_of(path: Path, account_id: str | None, columns: Sequence[str] | None) -> pa.Table:
    wanted = None if account_id is None else pc.field("account_id") == account_id
    return pq.read_table(path, columns=columns, filters=wanted)


def read_releases(
    connection: duckdb.DuckDBPyConnection, folder: Path, account_id: str | None = None
) -> dict[str, Release]:
    """What a release told of its accounts, or of one, by account."""
    profiles = rows_of(folder, "account_profile", account_id)
    if not profiles:
        return {}
    as_of = profiles[0]["as_of_date"].isoformat()
    groups = groups_of(connection, folder, as_of, account_id)
    rows = defaultdict(list)
    for row in rows_of(folder, "account_journey", account_id):
        # A benchmark is of others: it tells nothing of the account.
        told = {name: row[name] for name in row if not name.startswith("benchmark")}
        rows[row["account_id"]].append(told)
    return {
        profile["account_id"]: Release(
            folder.name,
            groups.get(profile["account_id"], []),
            rows[profile["account_id"]],
            profile["enrolled_to_date"],
        )
        for profile in profiles
    }


def told_before(earlier: Sequence[Path]) -> dict[str, list[Release]]:
    """What earlier releases told of each account, oldest first; one without tables told nothing.

    Releases that tell an account the same are one: of many nightly releases few are left. They do
    not change once they are published, so they are read once.
    """
    return _told(tuple(sorted(path for path in earlier if (path / "account_tables").is_dir())))


@lru_cache(maxsize=1)
def _told(earlier: tuple[Path, ...]) -> dict[str, list[Release]]:
    told: dict[str, dict[tuple, Release]] = defaultdict(dict)
    with open_marts() as connection:
        for folder in earlier:
            for account_id, release in read_releases(connection, folder).items():
                same = told[account_id].setdefault(release.content, release)
                # The fewer enrolled to date, the more is told of the sums.
                known = [
                    people
                    for people in (same.enrolled_to_date, release.enrolled_to_date)
                    if people is not None
                ]
                told[account_id][release.content] = replace(
                    same, enrolled_to_date=min(known, default=None)
                )
    return {account_id: list(releases.values()) for account_id, releases in told.items()}


def opinions_of(folder: Path, account_id: str | None = None) -> dict[tuple, frozenset]:
    """The responses behind each score that a release told, by account, role and quarter.

    A response is its id and its answers; those that do not count for the score are left out.
    """
    told = {
        (row["account_id"], row["chain_role"], row["quarter_start"])
        for row in rows_of(folder, "account_voice", account_id)
        if not row["is_hidden"]
    }
    columns = ["account_id", "chain_role", "month", "response_id", "is_confidence", "score_0_100"]
    items = _table_of(folder / "marts" / "fct_survey_items.parquet", account_id, columns)
    responses = defaultdict(lambda: defaultdict(list))
    for account, role, month, response_id, counts, score in zip(
        *(items[name].to_pylist() for name in columns), strict=True
    ):
        key = (account, role, month.replace(month=(month.month - 1) // 3 * 3 + 1))
        if key in told and counts and score is not None:
            responses[key][response_id].append(score)
    return {
        key: frozenset((response_id, tuple(sorted(scores))) for response_id, scores in of.items())
        for key, of in responses.items()
    }


def opinions_before(earlier: Sequence[Path]) -> dict[tuple, set[frozenset]]:
    """The responses behind each score that earlier releases told; the same of two is one."""
    return _opinions(tuple(path for path in earlier if (path / "account_tables").is_dir()))


@lru_cache(maxsize=1)
def _opinions(earlier: tuple[Path, ...]) -> dict[tuple, set[frozenset]]:
    told = defaultdict(set)
    for folder in earlier:
        for key, responses in opinions_of(folder).items():
            told[key].add(responses)
    return told
