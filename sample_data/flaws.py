"""What a planted flaw is, and what must happen to it."""

from collections import Counter
from dataclasses import asdict, dataclass

FATES = ("rejected", "duplicate", "corrected", "voided", "orphan", "extra_column", "kept")


@dataclass(frozen=True)
class Flaw:
    """One kind of flaw in one file: how many rows (files, columns) have it, and their fate."""

    flaw: str
    family: str
    entity: str
    file: str
    count: int
    fate: str
    column: str | None = None

    def as_row(self) -> dict:
        """Return the flaw as `flaws.json` has it."""
        return asdict(self)


def summary(flaws: list[Flaw]) -> dict[str, int]:
    """Return the number of flawed rows, files and columns by fate."""
    counts: Counter[str] = Counter()
    for flaw in flaws:
        counts[flaw.fate] += flaw.count
    return dict(counts)
