"""The table of an account's journey: stage by stage, all together, by program and by intake."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

from orchestration.account_tables.cells import Cell, Cells, told_rows
from orchestration.account_tables.limits import MINIMUM

STAGES = """
    select
        stages.stage_code,
        stages.stage_order,
        stages.title as stage_title,
        previous.stage_code as from_code,
        previous.title as from_title,
        metrics.function_code
    from {dim_stages} as stages
    inner join {dim_stages} as previous on stages.previous_stage_code = previous.stage_code
    left join {dim_metrics} as metrics on stages.metric_code = metrics.metric_code
    order by stages.stage_order
"""
PROGRAMS = "select program_id, title from {dim_programs} order by title, program_id"
LEAST_ACCOUNTS = 5  # behind a benchmark
Z = 1.959963984540054  # of a 95 % interval
HALVES = {"H1": "January to June", "H2": "July to December"}


class Benchmarks:
    """What the other accounts reach together, in whole points, where no account stands out.

    Source: dominance rules of Working Paper 22, chapter IV: none has more than half of the people,
    of those who took the step, or of those who did not.
    """

    def __init__(self, cells_by_account: Mapping[str, Cells]) -> None:
        """Take the counts of every account's cells before anything is hidden."""
        self.counts: dict[tuple, dict[str, tuple[int, int]]] = defaultdict(dict)
        for account_id, cells in cells_by_account.items():
            for key, cell in cells.items():
                if cell.denominator >= MINIMUM:
                    self.counts[key][account_id] = (cell.numerator, cell.denominator)

    def rate(self, account_id: str, cell: Cell) -> tuple[float | None, int | None]:
        """The rate of the other accounts and how many they are; nothing if they are too few."""
        there = self.counts[cell.cut, cell.member, cell.stage]
        others = [counts for other, counts in there.items() if other != account_id]
        people = sum(denominator for _, denominator in others)
        reached = sum(numerator for numerator, _ in others)
        parts = list(zip(*((n, d, d - n) for n, d in others), strict=True))
        if (
            len(others) < LEAST_ACCOUNTS
            or any(2 * max(part) > sum(part) for part in parts)
            or min(reached, people - reached) < MINIMUM
        ):
            return None, None
        return round(100 * reached / people) / 100, len(others)


def journey_rows(
    account_id: str,
    cells: Cells,
    stages: Sequence[Mapping[str, Any]],
    titles: Mapping[str, str],
    benchmarks: Benchmarks,
) -> list[dict[str, Any]]:
    """The rows of one account, in the order in which they are read."""
    by_code = {stage["stage_code"]: stage for stage in stages}
    places = {program: place for place, program in enumerate(titles, start=1)}
    intakes = sorted({cell.member for cell in cells.values() if cell.cut == "intake"})
    places |= {"all": 0} | {intake: place for place, intake in enumerate(intakes, start=1)}
    rows = []
    for cell, told in zip(cells.values(), told_rows(cells), strict=True):
        stage = by_code[cell.stage]
        rate, low, high = _interval(told["numerator_count"], told["denominator_count"])
        benchmark, accounts = benchmarks.rate(account_id, cell)
        rows.append(
            {
                **told,
                "account_id": account_id,
                "member_title": _title(cell, titles),
                "member_order": places.get(cell.member, len(places)),
                "stage_order": stage["stage_order"],
                "stage_title": stage["stage_title"],
                "from_title": stage["from_title"],
                "function_code": stage["function_code"],
                "rate": rate,
                "ci_low": low,
                "ci_high": high,
                "benchmark_rate": benchmark,
                "benchmark_accounts_count": accounts,
            }
        )
    order = ("all", "program", "intake")
    return sorted(
        rows,
        key=lambda row: (
            order.index(row["cut"]),
            row["member_order"],
            row["member_code"],
            row["stage_order"],
        ),
    )


def _title(cell: Cell, titles: Mapping[str, str]) -> str:
    if cell.cut == "intake":
        year, half = cell.member.split("-")
        return f"{HALVES[half]} {year}"
    return "All" if cell.cut == "all" else titles.get(cell.member, cell.member)


def _interval(
    numerator: int | None, denominator: int | None
) -> tuple[float | None, float | None, float | None]:
    """A rate and its 95 % Wilson interval, from counts that are both shown.

    Source: Wilson 1927; the form of Newcombe 1998, Statistics in Medicine 17:857-872, method 3.
    """
    if numerator is None or not denominator:
        return None, None, None
    rate = numerator / denominator
    middle = rate + Z * Z / (2 * denominator)
    half = Z * sqrt(rate * (1 - rate) / denominator + Z * Z / (4 * denominator * denominator))
    scale = 1 + Z * Z / denominator
    return rate, max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
