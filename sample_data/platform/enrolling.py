"""Who enrolls in what: a first program, then second attempts and further programs."""

import numpy as np

from ..programs import Cohorts
from ..truths import Truths
from ..world import END, World, month_index
from .journeys import (
    CANCELLED,
    COMPLETED,
    FAILED,
    TRANSFERRED,
    WITHDRAWN,
    Journeys,
    draw_fates,
)

NEVER = 100_000  # days: an employment that does not end
LAST_DAY = END.astype("datetime64[D]") - 1


def draw_journeys(
    world: World,
    account: int,
    booked: np.ndarray,
    may_until: np.ndarray,
    leaves: np.ndarray,
    rng: np.random.Generator,
) -> Journeys:
    """Draw all enrollments that are known by the last day, in the order of their booking.

    For each participant who enrolls: the day of the first booking, the last day on which another
    one is possible (eligible and employed), and the day on which the employment ends, if it does.
    """
    size, truths = len(booked), world.truths
    program = _choose_program(truths, size, rng)
    cohort = _next_cohort(world.cohorts, account, program, booked + 3)
    everyone, ones = np.arange(size), np.ones(size, dtype=int)
    first = _start(world, account, everyone, program, cohort, booked, ones, leaves, rng)
    second = _continue(world, account, first, may_until, leaves, rng)
    journeys = first.join(second)
    return journeys.take(np.argsort(journeys.booked, kind="stable"))


def _choose_program(truths: Truths, size: int, rng: np.random.Generator) -> np.ndarray:
    shares = np.array([p.share for p in truths.programs])
    return rng.choice(len(shares), size, p=shares / shares.sum())


def _next_cohort(cohorts: Cohorts, account: int, program: np.ndarray, since) -> np.ndarray:
    """Return the first cohort of each program that starts on a day or later; -1: none."""
    found = np.full(len(program), -1)
    for p in np.unique(program).tolist():
        options, mine = cohorts.joinable(account, p), np.flatnonzero(program == p)
        place = np.searchsorted(cohorts.start[options], since[mine])
        found[mine] = np.append(options, -1)[place]
    return found


def _start(world, account, participant, program, cohort, booked, attempt, leaves, rng) -> Journeys:
    """Return journeys of enrollments booked for `cohort`; some are deferred to the next one."""
    size, starts = len(participant), world.cohorts.start
    later = _next_cohort(world.cohorts, account, program, starts[cohort] + 1)
    deferred = rng.random(size) < world.truths.platform.deferred
    deferred &= np.isnat(leaves) | (leaves >= starts[later])
    parked = deferred & ((later < 0) | (starts[later] > LAST_DAY))
    moved = np.where(deferred & ~parked, later, cohort)
    leaves_on = np.where(np.isnat(leaves), NEVER, (leaves - starts[moved]).astype(int))
    fates = draw_fates(world.truths, account, program, leaves_on, rng)
    stays = fates["fate"] == CANCELLED  # nobody cancels what was deferred
    moved, parked = np.where(stays, cohort, moved), parked & ~stays
    accounts = np.full(size, account)
    return Journeys(participant, accounts, program, moved, cohort, attempt, booked, parked, **fates)


def _continue(
    world: World, account: int, first: Journeys, may_until, leaves, rng: np.random.Generator
) -> Journeys:
    """Draw the second enrollments: another attempt, a next program, a program beside the first."""
    own, size, luck = world.truths.platform, len(first), rng.random(len(first))
    start = world.cohorts.start[first.cohort]
    ended = start + first.end_day
    again = ((first.fate == WITHDRAWN) | (first.fate == FAILED)) & (luck < own.second_attempt)
    onward = (first.fate == COMPLETED) & (luck < own.next_program)
    onward |= first.fate == TRANSFERRED
    beside = ~again & ~onward & (luck > 1 - own.second_program_beside)
    programs = len(world.truths.programs)
    other = (first.program + rng.integers(1, max(programs, 2), size)) % programs
    program = np.where(again, first.program, other)
    since = np.where(beside, np.maximum(start, first.booked + 10), ended + 21)
    cohort = _next_cohort(world.cohorts, account, program, since)
    booked = world.cohorts.start[cohort] - rng.integers(7, 43, size)
    booked = np.maximum(booked, np.where(beside, first.booked, ended) + 1)
    served = np.append(world.contracts.served[account], False)
    month = np.clip(month_index(booked), -1, len(world.months))
    can = (again | onward | beside) & ~first.is_parked & (cohort >= 0) & (booked <= LAST_DAY)
    can &= served[month] & (np.isnat(may_until) | (booked <= may_until))
    found = np.flatnonzero(can)
    attempt = np.where(again, 2, 1)[found]
    return _start(
        world, account, first.participant[found], program[found], cohort[found], booked[found],
        attempt, leaves[found], rng,
    )  # fmt: skip
