"""Small tools of this folder: rows into columns, times of day, chances that follow confidence."""

from collections.abc import Iterable

import numpy as np

from ..draw import Columns

STAFF = ("Ines Moreau", "Tom Garrick", "Wanjiru Sow", "Lars Becker", "Priya Iyer")
MONDAY = np.datetime64("1970-01-05", "D")


def table(names: str, rows: Iterable[tuple]) -> Columns:
    """Return rows as columns; dates and instants get their own type, the rest is kept as it is."""
    listed = list(rows)
    values = zip(*listed, strict=True) if listed else ([] for _ in names.split())
    return {name: _column(list(column)) for name, column in zip(names.split(), values, strict=True)}


def _column(values: list) -> np.ndarray:
    known = next((value for value in values if value is not None), None)
    if isinstance(known, np.datetime64):
        return np.array(["NaT" if v is None else v for v in values], dtype=known.dtype)
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def at_work(rng: np.random.Generator, day: np.datetime64) -> np.datetime64:
    """Return an instant in office hours (14:00 to 21:59 UTC) of a day, of Monday if a weekend."""
    day = day.astype("datetime64[D]")
    weekday = int((day - MONDAY).astype(int)) % 7
    minutes = int(rng.integers(14 * 60, 22 * 60))
    day += 7 - weekday if weekday > 4 else 0
    return day.astype("datetime64[s]") + 60 * minutes


def chance(share: float, per_10: float, confidence: float) -> float:
    """Return a probability that is `share` at a confidence of 65 and moves with it."""
    return min(max(share + per_10 * (confidence - 65) / 10, 0.02), 0.98)


def decimal(value: float, places: int = 2) -> str:
    """Return a number as decimal text."""
    return f"{value:.{places}f}"
