"""The visits to the platform: to learn, only to look, or without getting in."""

from dataclasses import dataclass

import numpy as np

from .journeys import CANCELLED, MAX_WEEKS, WITHDRAWN, Journeys
from .programs import Cohorts
from .truths import Truths

LEARN, LOOK, BEFORE, LOCKED_OUT = range(4)
WEEKDAY = np.cumsum([0.19, 0.20, 0.19, 0.17, 0.12, 0.06, 0.07])
HOUR = np.array([7, 8, 9, 11, 12, 13, 16, 17, 18, 19, 20, 21])
HOUR_WEIGHT = np.array([2, 4, 5, 5, 9, 7, 6, 9, 12, 15, 13, 6]) / 93


@dataclass
class Sessions:
    """One entry per visit in every array."""

    enrollment: np.ndarray  # index
    kind: np.ndarray
    day: np.ndarray  # since the start
    second: np.ndarray  # of the day, UTC
    is_first: np.ndarray  # the first visit to learn


def _in_weeks(rng: np.random.Generator, mask: np.ndarray, mean_more: float):
    """Return enrollment and day of visits in the weeks of a mask: one, and more on average."""
    enrollment, week = np.nonzero(mask)
    times = 1 + rng.poisson(mean_more, len(week))
    enrollment, week = np.repeat(enrollment, times), np.repeat(week, times)
    return enrollment, 7 * week + np.searchsorted(WEEKDAY, rng.random(len(week)) * 0.9999)


def draw_sessions(
    truths: Truths,
    cohorts: Cohorts,
    journeys: Journeys,
    active: np.ndarray,
    rng: np.random.Generator,
) -> Sessions:
    """Draw the visits of each enrollment; it learns in its active weeks, from its first day on."""
    size, week = len(journeys), np.arange(MAX_WEEKS)
    present = ~journeys.is_parked & (journeys.fate != CANCELLED)
    active = active & present[:, None]
    learns, learn_day = _in_weeks(rng, active, 1.5)
    starts = np.flatnonzero(present & (journeys.first_day >= 0))
    learn_day = np.clip(learn_day, journeys.first_day[learns], journeys.end_day[learns])

    quiet = ~active & (7 * week < journeys.end_day[:, None]) & present[:, None]
    gave_up = (journeys.first_day < 0) & (journeys.fate == WITHDRAWN)
    looks = quiet & (rng.random(active.shape) < np.where(gave_up & present, 0.3, 0.14)[:, None])
    look, look_day = _in_weeks(rng, looks, 0.3)
    before = np.flatnonzero(present & (rng.random(size) < 0.08))
    failure = np.array([a.login_failure for a in truths.accounts])[journeys.account]
    tries = quiet & (week < 3) & (rng.random(active.shape) < 2 * failure[:, None])
    out, out_day = _in_weeks(rng, tries & ~journeys.is_activated[:, None], 0.7)

    parts = [
        (learns, LEARN, learn_day, False),
        (starts, LEARN, journeys.first_day[starts], True),
        (look, LOOK, look_day, False),
        (before, BEFORE, -rng.integers(1, 11, len(before)), False),
        (out, LOCKED_OUT, out_day, False),
    ]
    enrollment = np.concatenate([index for index, _, _, _ in parts])
    day = np.concatenate([days for _, _, days, _ in parts])
    local = rng.choice(HOUR, len(day), p=HOUR_WEIGHT) * 3_600 + rng.integers(0, 3_600, len(day))
    offset = np.array([a.utc_offset for a in truths.accounts])[journeys.account[enrollment]]
    summer = _is_summer(cohorts.start[journeys.cohort[enrollment]] + day)
    second = (local - 3_600 * (offset + summer)) % 86_400
    sessions = Sessions(
        enrollment,
        np.repeat([kind for _, kind, _, _ in parts], [len(index) for index, _, _, _ in parts]),
        day,
        np.minimum(second, 79_000),  # the whole visit stays within its day, in UTC
        np.repeat([first for _, _, _, first in parts], [len(index) for index, _, _, _ in parts]),
    )
    return sessions


def _is_summer(days: np.ndarray) -> np.ndarray:
    """Return whether clocks run one hour ahead: April to October, close enough for visits."""
    month = days.astype("datetime64[M]").astype(int) % 12 + 1
    return (month >= 4) & (month <= 10)
