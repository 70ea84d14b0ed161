"""What a planted flaw is, and what must happen to it."""

from collections import Counter
from dataclasses import asdict, dataclass, replace

# what becomes of rows, and of participants whose rows look for a worker
ROW_FATES = ("rejected", "duplicate", "corrected", "voided", "orphan", "extra_column", "kept")
IDENTITY_FATES = {
    "linked_by_employee_number": "employee_number",
    "linked_by_email": "email",
    "linked_by_override": "override",
    "ambiguous": "ambiguous",
    "unlinked": "unlinked",
}
FATES = (*ROW_FATES, *IDENTITY_FATES)
CORRECTION = "later row for the same key"


@dataclass(frozen=True)
class Flaw:
    """One kind of flaw in one file: how many rows (files, columns) have it, and their fate.

    `rows` has the participants concerned, where the fate is how they are linked.
    """

    flaw: str
    family: str
    entity: str
    file: str
    count: int
    fate: str
    column: str | None = None
    rows: tuple[str, ...] = ()

    def as_row(self) -> dict:
        """Return the flaw as `flaws.json` has it."""
        row = asdict(self)
        if not self.rows:
            del row["rows"]
        return row


def merged(flaws: list[Flaw]) -> list[Flaw]:
    """Return flaws with those of the same kind in the same file, of several blocks, as one."""
    found: dict[tuple, Flaw] = {}
    for flaw in flaws:
        kind = (flaw.flaw, flaw.entity, flaw.file, flaw.fate, flaw.column)
        if known := found.get(kind):
            flaw = replace(known, count=known.count + flaw.count, rows=known.rows + flaw.rows)
        found[kind] = flaw
    return list(found.values())


def summary(flaws: list[Flaw]) -> dict[str, int]:
    """Return the number of flawed rows, files and columns by fate."""
    counts: Counter[str] = Counter()
    for flaw in flaws:
        counts[flaw.fate] += flaw.count
    return dict(counts)
