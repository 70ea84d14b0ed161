"""The flaws of the learning events: bad copies, exact duplicates, events voided later."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .files import layout
from .flaws import Flaw

NEW_COLUMN = ("2025-11", "client_version", "4.12.0")
DEFECT_MONTH, DUPLICATE_MONTH, VOIDED_MONTH = "2025-03", "2025-09", "2025-05"
DUPLICATES, VOIDED = 20, 12
DETAILS = (
    "object_type", "object_id", "quantity", "success", "score_scaled", "duration_seconds",
)  # fmt: skip
# column, what the bad copy of a good row says there, rows
DEFECTS = (("verb", None, 4), ("duration_seconds", -30, 3), ("score_scaled", Decimal("1.7"), 3))


def event_file(month: str) -> str:
    """Return the name of a month's file of events."""
    return layout("learning_event").file(np.datetime64(month))


def _in_month(events: pa.Table, month: str, verbs: tuple[str, ...], count: int, rng) -> pa.Table:
    """Return some events of a month with one of the verbs."""
    stored = events["stored_at"].to_numpy().astype("datetime64[M]") == np.datetime64(month)
    fits = stored & pc.is_in(events["verb"], pa.array(verbs)).to_numpy(zero_copy_only=False)
    return events.take(pa.array(np.sort(rng.permutation(np.flatnonzero(fits))[:count])))


def _with_values(table: pa.Table, changes: dict[str, list]) -> pa.Table:
    """Return a table with whole columns replaced."""
    for name, values in changes.items():
        index = table.schema.get_field_index(name)
        field = table.schema.field(index)
        table = table.set_column(index, field, pa.array(values, field.type))
    return table


def _voiding(voided: pa.Table) -> pa.Table:
    """Return the rows that void events, of the month after."""
    later = voided["stored_at"].to_numpy() + np.timedelta64(2 * 86_400, "s")
    month = np.datetime64(VOIDED_MONTH) + 1
    later = np.maximum(later, month.astype("datetime64[us]") + np.timedelta64(8 * 3_600, "s"))
    count = len(voided)
    changes = {
        "event_id": [f"ev-void-{n:03d}" for n in range(1, count + 1)],
        "verb": ["voided"] * count,
        **dict.fromkeys(DETAILS, [None] * count),
        "occurred_at": later,
        "stored_at": later + np.timedelta64(30, "s"),
        "voids_event_id": voided["event_id"].to_pylist(),
    }
    return _with_values(voided, changes)


def plant(events: pa.Table, rng: np.random.Generator) -> tuple[pa.Table, list[Flaw]]:
    """Plant the flaws in the first block's events; return it and their list."""
    added, flaws = [], []

    def note(flaw: str, month: str, count: int, fate: str, column: str | None = None) -> None:
        if count:
            file = event_file(month)
            flaws.append(Flaw(flaw, "participant", "learning_event", file, count, fate, column))

    for column, value, count in DEFECTS:
        copies = _in_month(events, DEFECT_MONTH, ("answered",), count, rng)
        added.append(_with_values(copies, {column: [value] * len(copies)}))
        said = f"{column} is {value}" if value is not None else f"{column} is missing"
        note(said, DEFECT_MONTH, len(copies), "rejected", column)

    copies = _in_month(events, DUPLICATE_MONTH, ("viewed", "watched"), DUPLICATES, rng)
    added.append(copies)
    note("the same row twice", DUPLICATE_MONTH, len(copies), "duplicate")

    voided = _in_month(events, VOIDED_MONTH, ("answered", "watched"), VOIDED, rng)
    added.append(_voiding(voided))
    next_month = str(np.datetime64(VOIDED_MONTH) + 1)
    note("event that a later row voids", VOIDED_MONTH, len(voided), "voided", "voids_event_id")
    note("row that voids an event", next_month, len(voided), "voided", "voids_event_id")
    note("column not in the contract", NEW_COLUMN[0], 1, "extra_column", NEW_COLUMN[1])
    return sort_by_stored(pa.concat_tables([events, *added])), flaws


def sort_by_stored(table: pa.Table) -> pa.Table:
    """Return events in order of storing, ties by id."""
    order = pc.sort_indices(table, [("stored_at", "ascending"), ("event_id", "ascending")])
    return table.take(order)


def by_file(events: pa.Table) -> list[tuple[str, pa.Table]]:
    """Return the events of each month's file, in one of which is a column nobody announced."""
    stored, found = events["stored_at"].to_numpy().astype("datetime64[s]"), []
    for file, rows in layout("learning_event").files(stored, len(events)):
        part = events.take(pa.array(rows))
        if file == event_file(NEW_COLUMN[0]):
            version = pa.array([NEW_COLUMN[2]] * len(part))
            part = part.append_column(NEW_COLUMN[1], version)
        found.append((file, part))
    return found
