"""Who enrolls in what: a first program, then second attempts and further programs."""

import numpy as np

from .draw import DAY, Columns, codes, delayed, seconds
from .journeys import (
    CANCELLED,
    COMPLETED,
    FAILED,
    TRANSFERRED,
    WITHDRAWN,
    Journeys,
    draw_fates,
)
from .programs import Cohorts
from .truths import Truths


def draw_journeys(
    truths: Truths, cohorts: Cohorts, people: int, rng: np.random.Generator
) -> Journeys:
    """Draw all enrollments of `people` participants, in the order of their first booked start."""
    account = rng.choice(len(truths.accounts), people, p=_shares(truths.accounts))
    program = rng.choice(len(truths.programs), people, p=_shares(truths.programs))
    cohort = np.zeros(people, dtype=int)
    for a, p in np.unique(np.stack([account, program]), axis=1).T:
        since = np.datetime64(truths.accounts[a].customer_since) + 30
        options = cohorts.joinable(a, p, since)
        weights = np.linspace(0.7, 1.3, len(options))
        weights[cohorts.start[options].astype("datetime64[M]").astype(int) % 12 == 11] *= 0.5
        chosen = (account == a) & (program == p)
        cohort[chosen] = rng.choice(options, chosen.sum(), p=weights / weights.sum())
    first = _start(truths, cohorts, np.arange(people), account, program, cohort, rng)
    journeys = first.join(_continue(truths, cohorts, first, rng))
    return journeys.take(np.argsort(cohorts.start[journeys.first_cohort], kind="stable"))


def _shares(parties) -> np.ndarray:
    shares = np.array([party.share for party in parties])
    return shares / shares.sum()


def _start(truths, cohorts, participant, account, program, cohort, rng, attempt=None) -> Journeys:
    """Return journeys of enrollments booked for `cohort`; some are deferred to the next one."""
    size = len(participant)
    fates = draw_fates(truths, account, program, rng)
    deferred = np.flatnonzero(rng.random(size) < truths.deferred)
    deferred = deferred[fates["fate"][deferred] != CANCELLED]
    moved, parked = cohort.copy(), np.zeros(size, dtype=bool)
    for i in deferred:
        later = cohorts.joinable(account[i], program[i], cohorts.start[cohort[i]] + 1)
        moved[i], parked[i] = (later[0], False) if len(later) else (cohort[i], True)
    attempt = np.ones(size, dtype=int) if attempt is None else attempt
    return Journeys(participant, account, program, moved, cohort, attempt, parked, **fates)


def _continue(
    truths: Truths, cohorts: Cohorts, first: Journeys, rng: np.random.Generator
) -> Journeys:
    """Draw the second enrollments: another attempt, a next program, a program beside the first."""
    size, luck = len(first), rng.random(len(first))
    start = cohorts.start[first.cohort]
    ended = start + first.end_day
    quits = (first.fate == WITHDRAWN) | (first.fate == FAILED)
    again = quits & (luck < truths.second_attempt)
    onward = (first.fate == COMPLETED) & (luck < truths.next_program)
    onward |= first.fate == TRANSFERRED
    beside = ~again & ~onward & (luck > 1 - truths.second_program_beside)
    not_before = np.where(beside, start, ended + 21)
    other = (first.program + rng.integers(1, len(truths.programs), size)) % len(truths.programs)
    program = np.where(again, first.program, other)
    cohort = np.full(size, -1)
    for i in np.flatnonzero((again | onward | beside) & ~first.is_parked):
        since = max(not_before[i], np.datetime64(truths.accounts[first.account[i]].customer_since))
        options = cohorts.joinable(first.account[i], program[i], since)
        cohort[i] = options[0] if len(options) else -1
    found = np.flatnonzero(cohort >= 0)
    attempt = np.where(again, 2, 1)[found]
    people, account = first.participant[found], first.account[found]
    return _start(truths, cohorts, people, account, program[found], cohort[found], rng, attempt)


def enrolled_at(cohorts: Cohorts, journeys: Journeys, rng: np.random.Generator) -> np.ndarray:
    """Draw when each enrollment was booked: one to six weeks before its first booked start."""
    days = cohorts.start[journeys.first_cohort] - rng.integers(7, 43, len(journeys))
    return seconds(days, rng.integers(13 * 3_600, 23 * 3_600, len(journeys)))


def enrollment(
    truths: Truths,
    cohorts: Cohorts,
    journeys: Journeys,
    booked_at: np.ndarray,
    participant_id: np.ndarray,
    rng: np.random.Generator,
) -> Columns:
    """Return the entity `enrollment`: a row per booking, and a correcting row where it changed."""
    size = len(journeys)
    known_at = delayed(rng, booked_at, 600, 0.01, 3)
    weeks = np.array([p.weeks for p in truths.programs])[journeys.program]
    is_moved = journeys.cohort != journeys.first_cohort
    moved_at = _before_start(cohorts, journeys, rng)
    is_extended = ~is_moved & (journeys.break_days == 0) & (journeys.fate != CANCELLED)
    is_extended &= rng.random(size) < truths.corrected_enrollments
    extended_at = booked_at + np.timedelta64(20 * DAY, "s")
    last = np.datetime64(truths.last_day) + 1
    changed = np.flatnonzero((is_moved & (moved_at < last)) | (is_extended & (extended_at < last)))
    row = np.concatenate([np.arange(size), changed])
    is_second = np.arange(len(row)) >= size
    cohort = np.where(is_second, journeys.cohort[row], journeys.first_cohort[row])
    start = cohorts.start[cohort]
    planned_end = start + weeks[row] * 7 - 3 + np.where(is_second & is_extended[row], 14, 0)
    change_at = np.where(is_moved, moved_at, extended_at)[row]
    program_ids = np.array([p.program_id for p in truths.programs], dtype=object)
    return {
        "enrollment_id": codes("en-", row + 1, 6),
        "participant_id": participant_id[journeys.participant[row]],
        "program_id": program_ids[journeys.program[row]],
        "cohort_id": cohorts.cohort_id[cohort],
        "enrolled_at": booked_at[row],
        "start_date": start,
        "planned_end_date": planned_end,
        "attempt_no": journeys.attempt[row],
        "updated_at": np.where(is_second, change_at, known_at[row]),
        "_correction": is_second,
    }


def _before_start(cohorts: Cohorts, journeys: Journeys, rng: np.random.Generator) -> np.ndarray:
    days = cohorts.start[journeys.first_cohort] - rng.integers(1, 7, len(journeys))
    return seconds(days, rng.integers(14 * 3_600, 22 * 3_600, len(journeys)))
