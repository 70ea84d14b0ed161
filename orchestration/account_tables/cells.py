"""The published cells of one account, and which of their counts are one number told twice.

A cell is a member of a cut ('all', a program, an intake) at one stage: two counts, of how many how
many came this far. Each count is shown or hidden by itself; a rate needs both.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestration.account_tables.limits import COUNTS
from orchestration.account_tables.marts import SPELLS, Group


@dataclass
class Cell:
    """One member of a cut at one stage, and which of its counts are hidden."""

    cut: str
    member: str
    stage: str
    numerator: int
    denominator: int
    hidden: set[str] = field(default_factory=set)
    is_coded: bool = False
    told: set[str] = field(
        default_factory=set
    )  # counts that an earlier release told: no use hiding

    @property
    def reason(self) -> str | None:
        """Why not both counts are told; None if they are, or the share is told as coded.

        One word for all: which rule hid a count tells of the count.
        """
        return "protected" if self.hidden and not self.is_coded else None

    @property
    def share_text(self) -> str | None:
        """The coded share, if that is all that is told."""
        if not self.is_coded:
            return None
        return "at most 5 %" if 2 * self.numerator < self.denominator else "at least 95 %"

    def hide(self, count: str) -> None:
        """Hide a count; a rate whose denominator is hidden is not told as a share either."""
        self.hidden.add(count)
        self.is_coded = self.is_coded and count != "denominator"


Cells = dict[tuple[str, str, str], Cell]


def cells_of(groups: Iterable[Group]) -> Cells:
    """Every cell of an account, all counts shown.

    A member has every stage for whose intakes somebody enrolled in it, whether or not anybody came
    so far: that a stage is missing tells no more than that nobody enrolled.
    """
    sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    intakes, enrolled = defaultdict(set), defaultdict(set)
    of_programs = [group for group in groups if group.program != SPELLS]
    for group in groups:
        for cut, member in (("all", "all"), ("intake", group.intake)):
            _count(sums[cut, member, group.stage], group)
    for group in of_programs:
        _count(sums["program", group.program, group.stage], group)
        intakes[group.stage].add(group.intake)
        if group.denominator > 0:
            enrolled[group.program].add(group.intake)
    for program, when in enrolled.items():
        for stage, of_stage in intakes.items():
            if of_stage & when:
                sums["program", program, stage]
            else:
                sums.pop(("program", program, stage), None)
    listed = {
        (cut, member) for (cut, member, _), (_, denominator) in sums.items() if denominator > 0
    }
    return {key: Cell(*key, *counts) for key, counts in sums.items() if key[:2] in listed}


def _count(sums: list[int], group: Group) -> None:
    sums[0] += group.numerator
    sums[1] += group.denominator


def ties(cells: Cells, groups: Iterable[Group], previous: Mapping[str, str]) -> dict:
    """The counts that are one number told twice: (cell, count) -> the same number elsewhere.

    Whoever reached the stage before is the denominator of the next, and stages that follow the same
    stage have one denominator; so it is where the numbers agree and count the same intakes.
    """
    intakes = defaultdict(set)
    for group in groups:
        intakes[group.stage].add(group.intake)
    by_stage = defaultdict(list)
    for stage, before in previous.items():
        by_stage[before].append((stage, "denominator"))
        by_stage[before].append((before, "numerator"))
    tied = defaultdict(set)
    for same in by_stage.values():
        for cut, member in {key[:2] for key in cells}:
            there = [(cells.get((cut, member, stage)), count) for stage, count in set(same)]
            for cell, count in there:
                for other, other_count in there:
                    if cell is None or other is None or (cell, count) == (other, other_count):
                        continue
                    is_same_set = intakes[cell.stage] == intakes[other.stage] or cut == "intake"
                    if is_same_set and getattr(cell, count) == getattr(other, other_count):
                        tied[key_of(cell), count].add((key_of(other), other_count))
    return tied


def told_rows(cells: Cells) -> list[dict[str, Any]]:
    """What is told of the cells: the columns of the journey's table that say it."""
    return [
        {
            "cut": cell.cut,
            "member_code": cell.member,
            "stage_code": cell.stage,
            **{
                f"{count}_count": None if count in cell.hidden else getattr(cell, count)
                for count in COUNTS
            },
            "share_text": cell.share_text,
            "is_hidden": cell.reason is not None,
            "hidden_reason": cell.reason,
        }
        for cell in cells.values()
    ]


def key_of(cell: Cell) -> tuple[str, str, str]:
    """Cut, member and stage."""
    return cell.cut, cell.member, cell.stage
