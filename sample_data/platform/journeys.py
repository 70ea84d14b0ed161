"""What really happens to each enrollment: its fate, its milestones, the weeks it is active in.

The landed files show only traces of this. Days are days of the participant's own clock and count
from the start date (day 0); week 0 is days 0 to 6.
"""

from dataclasses import dataclass, fields

import numpy as np

from ..truths import Truths
from .truths import PlatformTruths

FATES = ("completed", "withdrawn", "failed", "transferred", "cancelled")
COMPLETED, WITHDRAWN, FAILED, TRANSFERRED, CANCELLED = range(5)
MAX_WEEKS = 64


@dataclass
class Journeys:
    """One entry per enrollment in every array."""

    participant: np.ndarray  # index into the block's participants
    account: np.ndarray  # index
    program: np.ndarray  # index
    cohort: np.ndarray  # index of the cohort it started in
    first_cohort: np.ndarray  # index of the cohort it was first booked for (another one: deferred)
    attempt: np.ndarray
    booked: np.ndarray  # the day
    is_parked: np.ndarray  # deferred, and not yet in a new cohort
    fate: np.ndarray  # index into FATES; what happens in the end, perhaps after the last day
    has_left: np.ndarray  # withdrawn or cancelled because the employment ended
    is_activated: np.ndarray
    is_engaged: np.ndarray
    first_day: np.ndarray  # of meaningful learning; -1: never
    end_day: np.ndarray  # of the final status
    break_day: np.ndarray  # -1: no break
    break_days: np.ndarray

    def __len__(self) -> int:
        """Return the number of enrollments."""
        return len(self.participant)

    @property
    def runs(self) -> np.ndarray:
        """Whether the enrollment starts, or will."""
        return ~self.is_parked & (self.fate != CANCELLED)

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


def stage_rates(truths: Truths, account: int) -> tuple[float, np.ndarray, np.ndarray]:
    """Return an account's rates: activated; engaged of the activated; completed of the engaged.

    The last two are by program. They are what the account's cause of trouble, if any, leaves.
    """
    own, employer = truths.platform, truths.accounts[account]
    activated = own.activated + own.activated_per_quality * employer.outcome_quality
    engaged = np.array([p.engaged for p in truths.programs])
    completed = np.array([p.completed for p in truths.programs])
    completed = completed * (1 + own.completed_per_quality * employer.outcome_quality)
    match employer.bottleneck:
        case "failed_logins":
            activated = own.failed_logins_activated
        case "late_first_coaching":
            engaged = engaged * own.late_coaching_engaged
        case "irrelevant_content":
            engaged = engaged * own.irrelevant_content_engaged
        case "no_manager_support":
            completed = completed * own.no_support_completed
    return activated, engaged, np.minimum(completed, 0.97)


def draw_fates(
    truths: Truths, account: int, program: np.ndarray, leaves_on: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Draw fate, milestones and break of each enrollment of an account.

    `leaves_on` is the day since the start on which the employment ends, far off where it does not.
    """
    size, own = len(program), truths.platform
    activates, engages, completes = stage_rates(truths, account)
    weeks = np.array([p.weeks for p in truths.programs])[program]
    dips = np.array([p.weeks_3_to_5 for p in truths.programs])[program] < 1
    activated = rng.random(size) < activates
    engaged = activated & (rng.random(size) < engages[program])
    chance = completes[program] * np.select(
        [engaged, activated], [1.0, own.completed_if_not_engaged], own.completed_if_not_activated
    )
    others = rng.choice([WITHDRAWN, FAILED, TRANSFERRED], size, p=[0.8, 0.17, 0.03])
    others[~activated & (rng.random(size) < 0.6)] = WITHDRAWN
    fate = np.where(rng.random(size) < chance, COMPLETED, others)
    fate[rng.random(size) < own.cancelled] = CANCELLED

    first = np.minimum(rng.geometric(0.3, size) - 1, 12)
    late_start = 16 + rng.integers(0, 22, size)
    starts_late = ~activated & ((fate == COMPLETED) | (fate == FAILED) | (rng.random(size) < 0.3))
    first = np.where(activated, first, np.where(starts_late, late_start, -1))
    end = _end_days(fate, first, engaged, dips, 7 * weeks, rng)
    pauses = (rng.random(size) < own.on_break) & activated & (end > 84)
    break_day = np.where(pauses, 57 + rng.integers(0, 21, size), -1)
    break_days = np.where(pauses, 7 * rng.integers(2, 7, size), 0)
    end = end + break_days

    left = (leaves_on < end) & ((fate != CANCELLED) | (leaves_on < 0))
    end = np.where(left, leaves_on, end)
    fate = np.where(left, np.where(leaves_on < 0, CANCELLED, WITHDRAWN), fate)
    first = np.where((fate == CANCELLED) | (first > end), -1, first)
    break_day = np.where(break_day < end, break_day, -1)
    return {
        "fate": fate, "has_left": left, "is_activated": activated & (first >= 0),
        "is_engaged": engaged & (first >= 0) & (end >= 28), "first_day": first, "end_day": end,
        "break_day": break_day, "break_days": np.where(break_day < 0, 0, break_days),
    }  # fmt: skip


def _end_days(fate, first, engaged, dips, length, rng: np.random.Generator) -> np.ndarray:
    """Return the day of the final status: completions near the planned end, most leavers early."""
    size = len(fate)
    late = np.where(rng.random(size) < 0.28, rng.integers(7, 57, size), rng.integers(-7, 8, size))
    leaves = 9 + rng.exponential(0.22 * length, size)
    leaves = np.where(dips & (rng.random(size) < 0.6), rng.uniform(15, 40, size), leaves)
    leaves = np.where(first < 0, 15 + rng.exponential(18, size), leaves)
    leaves = np.where(engaged, np.maximum(29, 20 + leaves), leaves)
    leaves = np.where(engaged & dips, 29 + rng.exponential(12, size), leaves)
    leaves = np.clip(leaves, np.maximum(first, 0) + 3, length - 4)
    return np.select(
        [fate == COMPLETED, fate == FAILED, fate == CANCELLED],
        [length + late, length + rng.integers(0, 15, size), -rng.integers(1, 15, size)],
        leaves.astype(int),
    )


def active_weeks(
    truths: Truths, journeys: Journeys, start: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Draw the weeks in which each enrollment learns: enrollments by weeks since the start."""
    own: PlatformTruths = truths.platform
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
    chance *= np.where(in_december & half, own.december, np.where(in_december, 0.85, 1.0))
    active = rng.random((size, MAX_WEEKS)) < chance

    missed = np.where(rng.random(size) < 0.5, rng.integers(1, 4, size), -1)
    missed = np.where((dips < 1) & (missed > 0), rng.integers(2, 4, size), missed)
    missed[first_week > 0] = -1
    is_missed = week[:4] == missed[:, None]
    active[:, :4] = np.where(journeys.is_engaged[:, None], ~is_missed, active[:, :4] & is_missed)
    known = np.flatnonzero((journeys.first_day >= 0) & (first_week < MAX_WEEKS))
    active[known, first_week[known]] = True
    finishes = np.flatnonzero(journeys.fate == COMPLETED)
    active[finishes, np.minimum(end_week[finishes], MAX_WEEKS - 1)] = True
    open_weeks = (week >= first_week[:, None]) & (to_end >= 0) & (journeys.first_day >= 0)[:, None]
    break_week = (journeys.break_day // 7)[:, None]
    on_break = (week >= break_week) & (week < break_week + (journeys.break_days // 7)[:, None])
    return active & open_weeks & ~(on_break & (journeys.break_day >= 0)[:, None])
