"""The visits to the platform: to learn, only to look, or without getting in."""

from dataclasses import dataclass

import numpy as np

from ..draw import seconds
from ..world import World
from .journeys import MAX_WEEKS, WITHDRAWN, Journeys
from .people import People

LEARN, LOOK, BEFORE, LOCKED_OUT = range(4)
WEEKDAY = np.cumsum([0.19, 0.20, 0.19, 0.17, 0.12, 0.06, 0.07])
HOUR = np.array([7, 8, 9, 11, 12, 13, 16, 17, 18, 19, 20, 21])  # of the participant's own clock
HOUR_WEIGHT = np.array([2, 4, 5, 5, 9, 7, 6, 9, 12, 15, 13, 6]) / 93


@dataclass
class Visits:
    """One entry per visit in every array."""

    enrollment: np.ndarray  # index
    kind: np.ndarray
    begins_at: np.ndarray  # the instant
    is_first: np.ndarray  # the first visit to learn


def login_failure(world: World, account: int) -> float:
    """Return the share of an account's visits that begin with a failed login."""
    own = world.truths.platform
    troubled = world.truths.accounts[account].bottleneck == "failed_logins"
    return own.failed_logins_rate if troubled else own.login_failure


def _in_weeks(rng: np.random.Generator, mask: np.ndarray, mean_more: float):
    """Return enrollment and day of visits in the weeks of a mask: one, and more on average."""
    enrollment, week = np.nonzero(mask)
    times = 1 + rng.poisson(mean_more, len(week))
    enrollment, week = np.repeat(enrollment, times), np.repeat(week, times)
    return enrollment, 7 * week + np.searchsorted(WEEKDAY, rng.random(len(week)) * 0.9999)


def draw_visits(
    world: World,
    people: People,
    journeys: Journeys,
    active: np.ndarray,
    rng: np.random.Generator,
) -> Visits:
    """Draw the visits of each enrollment; it learns in its active weeks, from its first day on."""
    size, week, present = len(journeys), np.arange(MAX_WEEKS), journeys.runs
    active = active & present[:, None]
    learns, learn_day = _in_weeks(rng, active, world.truths.platform.visits_per_week - 1)
    starts = np.flatnonzero(present & (journeys.first_day >= 0))
    learn_day = np.clip(learn_day, journeys.first_day[learns], journeys.end_day[learns])

    quiet = ~active & (7 * week < journeys.end_day[:, None]) & present[:, None]
    gave_up = (journeys.first_day < 0) & (journeys.fate == WITHDRAWN)
    looks = quiet & (rng.random(active.shape) < np.where(gave_up & present, 0.3, 0.14)[:, None])
    look, look_day = _in_weeks(rng, looks, 0.3)
    before = np.flatnonzero(present & (rng.random(size) < 0.08))
    tries = quiet & (week < 3) & (
        rng.random(active.shape) < 2 * login_failure(world, people.account)
    )  # fmt: skip
    out, out_day = _in_weeks(rng, tries & ~journeys.is_activated[:, None], 0.7)

    parts = [
        (learns, LEARN, learn_day, False),
        (starts, LEARN, journeys.first_day[starts], True),
        (look, LOOK, np.minimum(look_day, journeys.end_day[look]), False),
        (before, BEFORE, -rng.integers(1, 11, len(before)), False),
        (out, LOCKED_OUT, np.minimum(out_day, journeys.end_day[out]), False),
    ]
    sizes = [len(index) for index, _, _, _ in parts]
    enrollment = np.concatenate([index for index, _, _, _ in parts])
    day = np.concatenate([days for _, _, days, _ in parts])
    second = rng.choice(HOUR, len(day), p=HOUR_WEIGHT) * 3_600 + rng.integers(0, 3_600, len(day))
    local = seconds(world.cohorts.start[journeys.cohort[enrollment]] + day, second)
    return Visits(
        enrollment,
        np.repeat([kind for _, kind, _, _ in parts], sizes),
        people.utc(journeys.participant[enrollment], local),
        np.repeat([first for _, _, _, first in parts], sizes),
    )
