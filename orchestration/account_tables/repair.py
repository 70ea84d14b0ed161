"""Hides more until the attack finds nothing: audit and repair of one account's suppressed cells."""

from collections.abc import Mapping, Sequence

import numpy as np

from orchestration.account_tables.cells import Cell, Cells, told_rows
from orchestration.account_tables.limits import COUNTS
from orchestration.account_tables.marts import Group
from orchestration.account_tables.solve import findings
from orchestration.account_tables.suppress import hide
from orchestration.account_tables.system import system_of
from orchestration.account_tables.unknowns import Release, Told, Unknowns


def repair(
    cells: Cells,
    tied: Mapping,
    groups: Sequence[Group],
    earlier: Sequence[Release],
    previous: Mapping[str, str],
    enrolled_to_date: int | None,
) -> None:
    """Hide the smallest count that gives a hidden one away, until none is given away.

    What earlier releases told cannot be taken back: only this one's counts are hidden. Where that
    is not enough, what is left is for the attack to find, and the bundle is not published.
    """
    if not _open(cells):
        return
    now = Release("this", groups, told_rows(cells), enrolled_to_date)
    names = [*(release.name for release in earlier), now.name]
    unknowns = Unknowns([*earlier, now], previous)
    possible: list[np.ndarray] = []
    while open_before := _open(cells):
        now = Release("this", groups, told_rows(cells), enrolled_to_date)
        found = findings(system_of([*earlier, now], previous, unknowns), names, possible)
        for finding in found:
            own = [told for told in finding.sources if told.release == len(earlier)]
            if _open(cells).issuperset(open_before & {(told.key, told.count) for told in own}):
                _hide_one(cells, tied, own)
        if _open(cells) == open_before:
            return


def _open(cells: Cells) -> set[tuple]:
    """Every count that is shown, and every share that is told as coded."""
    shown = {
        (key, count) for key, cell in cells.items() for count in COUNTS if count not in cell.hidden
    }
    return shown | {(key, "share") for key, cell in cells.items() if cell.is_coded}


def _hide_one(cells: Cells, tied: Mapping, sources: Sequence[Told]) -> None:
    """Hide the smallest of what gives a number away: a count, or else a coded share."""
    shown = [told for told in sources if told.count not in cells[told.key].hidden]
    if shown:
        smallest = min(shown, key=lambda told: _rank(cells[told.key], told))
        hide(cells, tied, smallest.key, smallest.count)
        return
    coded = [cells[told.key] for told in sources if cells[told.key].is_coded]
    if coded:
        min(coded, key=_size).is_coded = False


def _size(cell: Cell) -> tuple[bool, int, str]:
    return cell.cut == "all", cell.denominator, cell.member


def _rank(cell: Cell, told: Told) -> tuple[bool, bool, int, str]:
    """What an earlier release told last, before it totals, and of the rest the smallest first.

    That a told number has not changed tells of those who are new since: nobody of them.
    """
    return told.count in cell.told, cell.cut == "all", getattr(cell, told.count), str(told)
