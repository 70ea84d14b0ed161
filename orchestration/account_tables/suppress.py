"""What is hidden of an account's cells: the primary and the complementary rules.

Sources: Federal Committee on Statistical Methodology 2005, Statistical Policy Working Paper 22,
chapters II and IV (thresholds, complements, complementary suppression); National Center for
Education Statistics 2011, SLDS Technical Brief 3, NCES 2011-603 (complements of rates, shares
at the ends told as ranges).
"""

from collections.abc import Iterable, Iterator, Mapping

from orchestration.account_tables.cells import Cell, Cells, key_of
from orchestration.account_tables.limits import CODED_FROM, COUNTS, HIGH, LOW, MINIMUM, is_few


def hide(cells: Cells, tied: Mapping, key: tuple[str, str, str], count: str) -> None:
    """Hide a count everywhere it is told."""
    todo = [(key, count)]
    while todo:
        key, count = todo.pop()
        if count in cells[key].hidden:
            continue
        cells[key].hide(count)
        todo += tied.get((key, count), ())


def suppress(cells: Cells, tied: Mapping, told: Iterable[Mapping] = ()) -> None:
    """Hide what the rules hide: few people, what an earlier table gives away, and what protects.

    `told` are the rows of earlier releases for the same account.
    """
    for cell in cells.values():
        _hide_few_people(cell)
    for (key, count), others in tied.items():
        if count in cells[key].hidden:
            for other, other_count in others:
                hide(cells, tied, other, other_count)
    for row in told:
        key = (row["cut"], row["member_code"], row["stage_code"])
        if key in cells:
            _hide_differences(cells, tied, key, row)
    changed = True
    while changed:
        changed = False
        for margin in _margins(cells):
            changed = _protect(cells, tied, *margin) or changed


def _hide_few_people(cell: Cell) -> None:
    """The primary rule: a count, its complement and what it is of are nobody or enough people."""
    if cell.denominator < MINIMUM:
        cell.hide("denominator")
        cell.hide("numerator")
        return
    rest = cell.denominator - cell.numerator
    is_end = not LOW * cell.denominator < cell.numerator < HIGH * cell.denominator
    if is_end or is_few(cell.numerator) or is_few(rest):
        cell.hide("numerator")
        cell.is_coded = is_end and cell.denominator >= CODED_FROM


def _hide_differences(cells: Cells, tied: Mapping, key: tuple, row: Mapping) -> None:
    """Hide a count that differs by a few people from what an earlier release showed."""
    cell = cells[key]
    old = {count: row[f"{count}_count"] for count in COUNTS}
    cell.told |= {count for count in COUNTS if old[count] == getattr(cell, count)}
    for count in COUNTS:
        if old[count] is not None and is_few(abs(getattr(cell, count) - old[count])):
            hide(cells, tied, key, count)
    if None not in old.values() and not cell.hidden:
        rest = cell.denominator - cell.numerator - old["denominator"] + old["numerator"]
        if is_few(abs(rest)):
            # One of the two is enough, but not the one that is known already.
            count = "denominator" if "numerator" in cell.told else "numerator"
            hide(cells, tied, key, count)


def _margins(cells: Cells) -> Iterator[tuple[str, str]]:
    yield from sorted({(cut, stage) for cut, _, stage in cells if cut != "all"})


def _protect(cells: Cells, tied: Mapping, cut: str, stage: str) -> bool:
    """Hide one more count of a margin if its total tells of the hidden ones; whether it did."""
    total = cells["all", "all", stage]
    members = [cell for key, cell in cells.items() if key[0] == cut and key[2] == stage]
    for count in COUNTS:
        hidden = [cell for cell in members if count in cell.hidden]
        shown = [cell for cell in members if count not in cell.hidden | cell.told]
        if not hidden or count in total.hidden:
            continue
        people = sum(getattr(cell, count) for cell in hidden)
        rest = sum(cell.denominator - cell.numerator for cell in hidden)
        if len(hidden) > 1 and people >= MINIMUM and (count != "numerator" or rest >= MINIMUM):
            continue
        if not shown and count in total.told:
            continue
        smallest = min(shown, key=lambda cell: (getattr(cell, count), cell.member), default=total)
        hide(cells, tied, key_of(smallest), count)
        return True
    return False
