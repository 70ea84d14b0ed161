"""What a load did: a batch per file, and a report a person can read."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Batch:
    """What became of one file: received = accepted + rejected + duplicate, counted in rows.

    A correction is an accepted row whose key was landed before with other content.
    """

    batch_id: str
    family: str
    entity: str
    file: str
    status: str
    reason: str | None = None
    content_hash: str | None = None
    size_bytes: int | None = None
    mtime_ns: int | None = None
    received_count: int = 0
    accepted_count: int = 0
    rejected_count: int = 0
    duplicate_count: int = 0
    corrected_count: int = 0
    extra_columns: str | None = None
    last_known_at: datetime | None = None
    loaded_at: datetime | None = None

    @property
    def line(self) -> str:
        """The batch on one line for a person."""
        place = "/".join(filter(None, (self.family, self.entity))) or "landing folder"
        if self.status == "failed":
            return f"{place}: {self.file} failed: it {self.reason}"
        if self.status == "duplicate":
            return (
                f"{place}: {self.file} holds what was loaded before, {self.received_count:,} rows"
            )
        parts = [f"{self.received_count:,} rows"]
        for label in ("rejected", "duplicate", "corrected"):
            if count := getattr(self, f"{label}_count"):
                parts.append(f"{count:,} {label}")
        if self.extra_columns:
            parts.append(f"unknown columns kept aside: {self.extra_columns}")
        return f"{place}: {self.file}: {', '.join(parts)}"


@dataclass
class LoadReport:
    """What one load did: its batches in order, and the files it had no need to read.

    `has_rows`: whether this load or an earlier one has accepted a row.
    """

    batches: list[Batch] = field(default_factory=list)
    unchanged_count: int = 0
    passed_over: list[str] = field(default_factory=list)
    problem_counts: Counter[str] = field(default_factory=Counter)
    note: str | None = None
    has_rows: bool = True

    def total(self, count: str) -> int:
        """Return the sum of a count, such as `accepted_count`, over the batches."""
        return sum(getattr(batch, count) for batch in self.batches)

    @property
    def failed(self) -> list[Batch]:
        """The files of which nothing was loaded."""
        return [batch for batch in self.batches if batch.status == "failed"]

    @property
    def summary(self) -> str:
        """The load in a few lines for a person."""
        lines = [self.note] if self.note else []
        lines.append(
            f"{len(self.batches)} files, {self.unchanged_count} unchanged: "
            f"{self.total('received_count'):,} rows received = "
            f"{self.total('accepted_count'):,} accepted + "
            f"{self.total('rejected_count'):,} rejected + "
            f"{self.total('duplicate_count'):,} duplicate"
        )
        if corrected := self.total("corrected_count"):
            lines.append(f"{corrected:,} of the accepted rows correct an earlier one")
        lines += [
            f"rejected, {code}: {count:,}" for code, count in self.problem_counts.most_common()
        ]
        lines += [f"failed: {batch.file} {batch.reason}" for batch in self.failed]
        if self.passed_over:
            shown = ", ".join(self.passed_over[:10])
            more = f" and {len(self.passed_over) - 10} more" if len(self.passed_over) > 10 else ""
            lines.append(f"not looked at, hidden, unfinished or no data: {shown}{more}")
        return "\n".join(lines)
