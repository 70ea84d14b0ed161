"""What really happens to each enrollment: its fate, its milestones, the weeks it is active in.

The landed files show only traces of this. Days count from the start date (day 0); week 0 is
days 0 to 6.
"""

from dataclasses import dataclass, fields

import numpy as np

from .truths import Truths

FATES = ("completed", "withdrawn", "failed", "transferred", "cancelled")
COMPLETED, WITHDRAWN, FAILED, TRANSFERRED, CANCELLED = range(5)
MAX_WEEKS = 64


@dataclass
class Journeys:
    """One entry per enrollment in every array."""

    participant: np.ndarray  # index
    account: np.ndarray  # index
    program: np.ndarray  # index
    cohort: np.ndarray  # index of the cohort it started in
    first_cohort: np.ndarray  # index of the cohort it was first booked for (another one: deferred)
    attempt: np.ndarray
    is_parked: np.ndarray  # deferred, and not yet in a new cohort
    fate: np.ndarray  # index into FATES; what happens in the end, perhaps after the last day
    is_activated: np.ndarray
    is_engaged: np.ndarray
    first_day: np.ndarray  # of meaningful learning; -1: never
    end_day: np.ndarray  # of the final status
    break_day: np.ndarray  # -1: no break
    break_days: np.ndarray

    def __len__(self) -> int:
        """Return the number of enrollments."""
        return len(self.participant)

    def take(self, index: np.ndarray) -> "Journeys":
        """Return the enrollments at `index`, in that order."""
        return Journeys(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    def join(self, other: "Journeys") -> "Journeys":
        """Return these and the other enrollments."""
        return Journeys(
            **{
                f.name: np.concatenate([getattr(self, f.name), getattr(other, f.name)])
                for f in fields(self)
            }
        )


def draw_fates(
    truths: Truths, account: np.ndarray, program: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Draw fate, milestones and break of each enrollment, by the rates of account and program."""
    size = len(account)
    weeks = np.array([p.weeks for p in truths.programs])[program]
    dips = np.array([p.weeks_3_to_5 for p in truths.programs])[program]
    activated = rng.random(size) < np.array([a.activation for a in truths.accounts])[account]
    engages = np.array([p.engaged for p in truths.programs])[program]
    engaged = activated & (rng.random(size) < engages)
    completes = np.array([p.completed for p in truths.programs])[program]
    completes = completes * np.array([a.completion for a in truths.accounts])[account]
    completes = np.where(engaged, completes, completes * truths.completed_if_not_engaged)
    ratio = truths.completed_if_not_activated / truths.completed_if_not_engaged
    completes = np.where(activated, completes, completes * ratio)
    completed = rng.random(size) < np.minimum(completes, 0.97)
    others = rng.choice([WITHDRAWN, FAILED, TRANSFERRED], size, p=[0.8, 0.17, 0.03])
    others[~activated & (rng.random(size) < 0.6)] = WITHDRAWN
    fate = np.where(completed, COMPLETED, others)
    fate[rng.random(size) < truths.cancelled] = CANCELLED

    first = np.minimum(rng.geometric(0.3, size) - 1, 12)
    late_start = 16 + rng.integers(0, 22, size)
    starts_late = ~activated & ((fate == COMPLETED) | (fate == FAILED) | (rng.random(size) < 0.3))
    first = np.where(activated, first, np.where(starts_late, late_start, -1))

    length = weeks * 7
    late = np.where(rng.random(size) < 0.28, rng.integers(7, 57, size), rng.integers(-7, 8, size))
    leaves = 9 + rng.exponential(0.22 * length, size)
    leaves = np.where((dips < 1) & (rng.random(size) < 0.6), rng.uniform(15, 40, size), leaves)
    leaves = np.where(first < 0, 15 + rng.exponential(18, size), leaves)
    leaves = np.where(engaged, np.maximum(29, 20 + leaves), leaves)
    leaves = np.where(engaged & (dips < 1), 29 + rng.exponential(12, size), leaves)
    leaves = np.clip(leaves, np.maximum(first, 0) + 3, length - 4)
    end = np.select(
        [fate == COMPLETED, fate == FAILED, fate == CANCELLED],
        [length + late, length + rng.integers(0, 15, size), -rng.integers(1, 15, size)],
        leaves.astype(int),
    )
    pauses = (rng.random(size) < truths.on_break) & activated & (end > 63)
    break_day = np.where(pauses, 35 + rng.integers(0, 21, size), -1)
    break_days = np.where(pauses, 7 * rng.integers(2, 7, size), 0)
    nothing = fate == CANCELLED
    return {
        "fate": fate, "is_activated": activated & ~nothing, "is_engaged": engaged & ~nothing,
        "first_day": np.where(nothing, -1, first),
        "end_day": np.where(nothing, end, end + break_days),
        "break_day": np.where(nothing, -1, break_day),
        "break_days": np.where(nothing, 0, break_days),
    }  # fmt: skip


def active_weeks(
    truths: Truths, journeys: Journeys, start: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Draw the weeks in which each enrollment learns: enrollments by weeks since the start."""
    size, week = len(journeys), np.arange(MAX_WEEKS)
    end_week, first_week = journeys.end_day // 7, journeys.first_day // 7
    chance = np.array([0.9, 0.76, 0.66, 0.74, 0.0])[journeys.fate][:, None] * np.ones(MAX_WEEKS)
    chance *= rng.beta(18, 1.5, size)[:, None] * np.where(journeys.is_engaged, 1.0, 0.8)[:, None]
    to_end = end_week[:, None] - week
    chance *= np.where((journeys.fate != COMPLETED)[:, None] & (to_end <= 3), 0.4, 1.0)
    dips = np.array([p.weeks_3_to_5 for p in truths.programs])[journeys.program]
    chance *= np.where((week >= 2) & (week <= 4), dips[:, None], 1.0)
    monday = start[:, None] + (7 * week)
    in_december = monday.astype("datetime64[M]").astype(int) % 12 == 11
    half = (monday - monday.astype("datetime64[M]")).astype(int) >= 14
    chance *= np.where(in_december & half, truths.december, np.where(in_december, 0.85, 1.0))
    active = rng.random((size, MAX_WEEKS)) < chance

    missed = np.where(rng.random(size) < 0.5, rng.integers(1, 4, size), -1)
    missed = np.where((dips < 1) & (missed > 0), rng.integers(2, 4, size), missed)
    missed[first_week > 0] = -1
    is_missed = week[:4] == missed[:, None]
    chosen = np.where(journeys.is_engaged[:, None], ~is_missed, active[:, :4] & is_missed)
    active[:, :4] = chosen
    known = np.flatnonzero((journeys.first_day >= 0) & (first_week < MAX_WEEKS))
    active[known, first_week[known]] = True
    finishes = np.flatnonzero(journeys.fate == COMPLETED)
    active[finishes, np.minimum(end_week[finishes], MAX_WEEKS - 1)] = True
    open_weeks = (week >= first_week[:, None]) & (to_end >= 0) & (journeys.first_day >= 0)[:, None]
    break_week = (journeys.break_day // 7)[:, None]
    on_break = (week >= break_week) & (week < break_week + (journeys.break_days // 7)[:, None])
    return active & open_weeks & ~(on_break & (journeys.break_day >= 0)[:, None])
