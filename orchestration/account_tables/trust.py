"""What an account is told of its own report: what it covers, what it hides and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from orchestration.account_tables.limits import MINIMUM


def trust_rows(
    account_id: str, rows: Sequence[Mapping[str, Any]], manifest: Mapping[str, Any], covers: str
) -> list[dict[str, Any]]:
    """One row per thing worth knowing; `rows` are the account's journey, suppressed."""
    hidden = sum(row["is_hidden"] for row in rows)
    shown = len(rows) - hidden
    coded = sum(row["share_text"] is not None for row in rows)
    items = [
        ("as_of", "As of", str(manifest["as_of_date"])),
        ("covered", "What is covered", covers),
        (
            "shown",
            "What is shown",
            f"{shown} of {len(rows)} steps of the journey by program and intake,"
            f" {coded} of them as “at most 5 %” or “at least 95 %”",
        ),
        (
            "hidden",
            "What is hidden",
            f"{hidden} steps: fewer than {MINIMUM} people are in them or in what is left of them,"
            " here or beside an earlier report, or such a number could be worked out from them",
        ),
        (
            "minimum",
            "How few are too few",
            f"{MINIMUM} people, counted and not counted, and 5 people of a survey",
        ),
        (
            "rounding",
            "What is rounded",
            "outcomes: people in tens, rounded down, and rates in whole points;"
            " opinions: people in fives, rounded down, and scores in whole points",
        ),
        (
            "benchmark",
            "What a benchmark is",
            f"at least five other accounts with {MINIMUM} people or more each, together, none of"
            " them more than half, in whole points",
        ),
    ]
    return [
        {
            "account_id": account_id,
            "item_code": code,
            "item_order": place,
            "title": title,
            "value_text": text,
        }
        for place, (code, title, text) in enumerate(items, start=1)
    ]
