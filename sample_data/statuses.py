"""How each enrollment's status changed, as the provider's system recorded it."""

import numpy as np

from .draw import DAY, Columns, choose, codes, delayed, seconds
from .journeys import CANCELLED, FAILED, FATES, WITHDRAWN, Journeys
from .programs import Cohorts
from .truths import Truths

REASONS = {
    "withdrawn": (
        ("workload", "schedule_conflict", "personal", "left_employer", "content_not_relevant"),
        (0.34, 0.26, 0.18, 0.14, 0.08),
    ),
    "failed": (("exam_failed", "not_enough_progress"), (0.6, 0.4)),
    "cancelled": (("changed_mind", "manager_declined", "left_employer"), (0.5, 0.3, 0.2)),
}


def moments(cohorts: Cohorts, journeys: Journeys, booked_at: np.ndarray, rng: np.random.Generator):
    """Draw status, enrollment, instant and order of every status change, also those yet to come."""
    size, everyone = len(journeys), np.arange(len(journeys))
    start, booked = cohorts.start[journeys.cohort], cohorts.start[journeys.first_cohort]
    office = rng.integers(14 * 3_600, 22 * 3_600, size)
    is_moved = (journeys.cohort != journeys.first_cohort) | journeys.is_parked
    runs = ~journeys.is_parked
    begins = np.flatnonzero(runs & (journeys.fate != CANCELLED))
    paused = np.flatnonzero(runs & (journeys.break_day >= 0))
    ends = np.flatnonzero(runs)
    late_evening = seconds(start + journeys.end_day, 80_000 + office % 6_000)
    cancelled_at = np.maximum(late_evening, booked_at + np.timedelta64(DAY // 8, "s"))
    ended_at = np.where(journeys.fate == CANCELLED, cancelled_at, late_evening)
    back = start + journeys.break_day + journeys.break_days
    parts = [
        ("enrolled", everyone, booked_at),
        ("deferred", np.flatnonzero(is_moved), seconds(booked - 1 - office % 6, office)),
        ("active", begins, seconds(start, 21_600 + office // 9)),
        ("on_break", paused, seconds(start + journeys.break_day, office)),
        ("active", paused, seconds(back, office)),
    ]
    for code, name in enumerate(FATES):
        parts.append((name, ends[journeys.fate[ends] == code], ended_at))
    return parts


def enrollment_status(
    truths: Truths,
    cohorts: Cohorts,
    journeys: Journeys,
    booked_at: np.ndarray,
    rng: np.random.Generator,
) -> Columns:
    """Return the entity `enrollment_status`: what was entered until the last day, in that order.

    A few failures were set right on appeal: the same event again, entered later, now completed.
    """
    parts = moments(cohorts, journeys, booked_at, rng)
    status = np.concatenate([np.full(len(index), name, dtype=object) for name, index, _ in parts])
    index = np.concatenate([index for _, index, _ in parts])
    effective_at = np.concatenate([at[index] for _, index, at in parts])
    order = np.lexsort((effective_at, index))
    status, index, effective_at = status[order], index[order], effective_at[order]
    position = np.arange(len(index)) - np.searchsorted(index, index)

    reason = np.full(len(index), None, dtype=object)
    for name, (options, weights) in REASONS.items():
        rows = np.flatnonzero(status == name)
        reason[rows] = choose(rng, options, weights, len(rows))
    left = np.flatnonzero(status == FATES[WITHDRAWN])
    reason[left[journeys.first_day[index[left]] < 0]] = "no_show"
    login_failure = np.array([a.login_failure for a in truths.accounts])[journeys.account[index]]
    locked_out = (login_failure > 0.2) & (reason == "no_show") & (rng.random(len(index)) < 0.6)
    reason[locked_out] = "could_not_log_in"

    entered_at = delayed(rng, effective_at, 6 * 3_600, 0.03, 15)
    failed = np.flatnonzero(status == FATES[FAILED])
    appealed = np.sort(rng.permutation(failed)[: max(2, len(failed) // 30)])
    numbers = codes("st-", index + 1, 6) + np.array([f"-{n + 1}" for n in position], dtype=object)
    columns = {
        "status_event_id": np.concatenate([numbers, numbers[appealed]]),
        "enrollment_id": codes("en-", np.concatenate([index, index[appealed]]) + 1, 6),
        "status": np.concatenate([status, np.full(len(appealed), "completed", dtype=object)]),
        "effective_at": np.concatenate([effective_at, effective_at[appealed]]),
        "reason_code": np.concatenate([reason, np.full(len(appealed), "appeal", dtype=object)]),
        "entered_at": np.concatenate(
            [entered_at, entered_at[appealed] + np.timedelta64(24 * DAY, "s")]
        ),
        "_correction": np.arange(len(index) + len(appealed)) >= len(index),
    }
    known = np.flatnonzero(columns["entered_at"] < np.datetime64(truths.last_day) + 1)
    known = known[np.argsort(columns["entered_at"][known], kind="stable")]
    return {name: column[known] for name, column in columns.items()}
