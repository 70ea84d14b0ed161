"""The flaws of the learning events: bad copies, exact duplicates, events voided later."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .files import event_file, sort_by_stored, with_values
from .flaws import Flaw

NEW_COLUMN = ("2025-11", "client_version", "4.12.0")
DEFECT_MONTH, DUPLICATE_MONTH, VOIDED_MONTH = "2025-03", "2025-09", "2025-05"
DUPLICATES, VOIDED = 20, 12
DETAILS = (
    "object_type", "object_id", "quantity", "success", "score_scaled", "duration_seconds",
)  # fmt: skip
# column, what the bad copy of a good row says there, rows
DEFECTS = (("verb", None, 4), ("duration_seconds", -30, 3), ("score_scaled", Decimal("1.7"), 3))


def _in_month(events: pa.Table, month: str, verbs: tuple[str, ...], count: int, rng) -> pa.Table:
    """Return some events of a month with one of the verbs."""
    stored = events["stored_at"].to_numpy().astype("datetime64[M]") == np.datetime64(month)
    fits = stored & pc.is_in(events["verb"], pa.array(verbs)).to_numpy(zero_copy_only=False)
    return events.take(pa.array(np.sort(rng.permutation(np.flatnonzero(fits))[:count])))


def plant(events: pa.Table, rng: np.random.Generator) -> tuple[pa.Table, list[Flaw]]:
    """Plant the flaws of the first block of events; return it and their list."""
    added, flaws = [], []

    def note(flaw: str, month: str, count: int, fate: str, column: str | None = None) -> None:
        file = event_file(month)
        flaws.append(Flaw(flaw, "participant", "learning_event", file, count, fate, column))

    for column, value, count in DEFECTS:
        copies = _in_month(events, DEFECT_MONTH, ("answered",), count, rng)
        added.append(with_values(copies, {column: [value] * len(copies)}))
        said = f"{column} is {value}" if value is not None else f"{column} is missing"
        note(said, DEFECT_MONTH, len(copies), "rejected", column)

    copies = _in_month(events, DUPLICATE_MONTH, ("viewed", "watched"), DUPLICATES, rng)
    added.append(copies)
    note("the same row twice", DUPLICATE_MONTH, len(copies), "duplicate")

    voided = _in_month(events, VOIDED_MONTH, ("answered", "watched"), VOIDED, rng)
    later = voided["stored_at"].to_numpy() + np.timedelta64(2 * 86_400, "s")
    month = np.datetime64(VOIDED_MONTH) + 1
    later = np.maximum(later, month.astype("datetime64[us]") + np.timedelta64(8 * 3_600, "s"))
    count = len(voided)
    nothing = [None] * count
    added.append(
        with_values(
            voided,
            {
                "event_id": [f"ev-void-{n:03d}" for n in range(1, count + 1)],
                "verb": ["voided"] * count,
                **dict.fromkeys(DETAILS, nothing),
                "occurred_at": later,
                "stored_at": later + np.timedelta64(30, "s"),
                "voids_event_id": voided["event_id"].to_pylist(),
            },
        )
    )
    note("event that a later row voids", VOIDED_MONTH, count, "voided", "voids_event_id")
    note("row that voids an event", str(month), count, "voided", "voids_event_id")
    note("column not in the contract", NEW_COLUMN[0], 1, "extra_column", NEW_COLUMN[1])
    return sort_by_stored(pa.concat_tables([events, *added])), flaws
