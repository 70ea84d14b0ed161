"""The entities `enrollment` and `enrollment_status`: as the provider's system recorded them."""

import numpy as np

from ..draw import DAY, Columns, choose, delayed
from ..world import END, World
from .journeys import CANCELLED, COMPLETED, FAILED, FATES, WITHDRAWN, Journeys
from .people import People, local_time

REASONS = {
    "withdrawn": (
        ("workload", "schedule_conflict", "personal", "financial", "content_not_relevant"),
        (0.36, 0.28, 0.2, 0.08, 0.08),
    ),
    "failed": (("exam_failed", "not_enough_progress"), (0.6, 0.4)),
    "cancelled": (("changed_mind", "manager_declined"), (0.6, 0.4)),
}
# what many who leave say where something holds people back
CAUSES = {
    "failed_logins": "could_not_log_in",
    "late_first_coaching": "no_coach_in_time",
    "irrelevant_content": "content_not_relevant",
    "no_manager_support": "no_time_from_manager",
}
CAUSE_SHARE = 0.4  # of the withdrawn
APPEALED = 1 / 30  # of the failed


def enrollment(
    world: World,
    people: People,
    journeys: Journeys,
    ids: np.ndarray,
    application_id: np.ndarray,
    booked_at: np.ndarray,
    rng: np.random.Generator,
) -> Columns:
    """Return the entity `enrollment`: a row per booking, and a correcting row where it changed."""
    size, cohorts, programs = len(journeys), world.cohorts, world.truths.programs
    known_at = np.minimum(delayed(rng, booked_at, 600, 0.01, 3), END - 60)
    weeks = np.array([p.weeks for p in programs])[journeys.program]
    is_moved = journeys.cohort != journeys.first_cohort
    moved_on = cohorts.start[journeys.first_cohort] - rng.integers(1, 3, size)
    moved_at = people.utc(journeys.participant, local_time(moved_on, 9, 17, rng))
    is_extended = ~is_moved & (journeys.break_days == 0) & (journeys.fate != CANCELLED)
    is_extended &= rng.random(size) < world.truths.platform.corrected_enrollments
    change_at = np.where(is_moved, moved_at, booked_at + np.timedelta64(20 * DAY, "s"))
    change_at = np.maximum(change_at, known_at + np.timedelta64(3_600, "s"))
    changed = np.flatnonzero((is_moved | is_extended) & (change_at < END))
    row = np.concatenate([np.arange(size), changed])
    is_second = np.arange(len(row)) >= size
    cohort = np.where(is_second, journeys.cohort[row], journeys.first_cohort[row])
    start = cohorts.start[cohort]
    planned_end = start + weeks[row] * 7 - 3 + np.where(is_second & is_extended[row], 14, 0)
    program_ids = np.array([p.program_id for p in programs], dtype=object)
    return {
        "enrollment_id": ids[row],
        "application_id": application_id[row],
        "participant_id": people.participant_id[journeys.participant[row]],
        "program_id": program_ids[journeys.program[row]],
        "cohort_id": cohorts.cohort_id[cohort],
        "enrolled_at": booked_at[row],
        "start_date": start,
        "planned_end_date": planned_end,
        "attempt_no": journeys.attempt[row],
        "updated_at": np.where(is_second, change_at[row], known_at[row]),
    }


def _moments(world: World, people: People, journeys: Journeys, booked_at, rng):
    """Draw status, enrollments and instants of every change of status, also those yet to come."""
    size, everyone = len(journeys), np.arange(len(journeys))
    start = world.cohorts.start[journeys.cohort]
    first_start = world.cohorts.start[journeys.first_cohort]
    is_moved = (journeys.cohort != journeys.first_cohort) | journeys.is_parked

    def at(days: np.ndarray, first_hour: int, last_hour: int) -> np.ndarray:
        return people.utc(journeys.participant, local_time(days, first_hour, last_hour, rng))

    begins, ends = np.flatnonzero(journeys.runs), np.flatnonzero(~journeys.is_parked)
    paused = np.flatnonzero(journeys.runs & (journeys.break_day >= 0))
    returns = paused[(journeys.break_day + journeys.break_days < journeys.end_day)[paused]]
    not_before = booked_at + np.timedelta64(60, "s")
    ended_at = np.maximum(at(start + journeys.end_day, 23, 24), not_before)
    deferred_at = np.maximum(at(first_start - rng.integers(1, 3, size), 9, 17), not_before)
    parts = [
        ("enrolled", everyone, booked_at),
        ("deferred", np.flatnonzero(is_moved), deferred_at),
        ("active", begins, at(start, 0, 2)),
        ("on_break", paused, at(start + journeys.break_day, 9, 17)),
        ("active", returns, at(start + journeys.break_day + journeys.break_days, 6, 8)),
    ]
    for code, name in enumerate(FATES):
        parts.append((name, ends[journeys.fate[ends] == code], ended_at))
    return parts


def enrollment_status(
    world: World,
    people: People,
    journeys: Journeys,
    ids: np.ndarray,
    booked_at: np.ndarray,
    rng: np.random.Generator,
) -> tuple[Columns, np.ndarray]:
    """Return the entity `enrollment_status`, and when each enrollment was completed, if known.

    What was entered until the last day, in that order. A few failures were set right on appeal: the
    same event again, entered later, now completed.
    """
    parts = _moments(world, people, journeys, booked_at, rng)
    status = np.concatenate([np.full(len(index), name, dtype=object) for name, index, _ in parts])
    index = np.concatenate([index for _, index, _ in parts])
    effective_at = np.concatenate([at[index] for _, index, at in parts])
    order = np.lexsort((effective_at, index))
    status, index, effective_at = status[order], index[order], effective_at[order]
    position = np.arange(len(index)) - np.searchsorted(index, index)
    numbers = ids[index] + np.array([f"-{n + 1}" for n in position.tolist()], dtype=object)
    reason = _reasons(world, journeys, status, index, rng)

    entered_at = delayed(rng, effective_at, 6 * 3_600, 0.03, 15)
    booking = status == "enrolled"
    entered_at[booking] = np.minimum(entered_at[booking], END - 60)
    failed = np.flatnonzero(status == FATES[FAILED])
    appealed = failed[rng.random(len(failed)) < APPEALED]
    row = np.concatenate([np.arange(len(index)), appealed])
    later = np.arange(len(row)) >= len(index)
    columns = {
        "status_event_id": np.array([f"st-{n[3:]}" for n in numbers[row]], dtype=object),
        "enrollment_id": ids[index[row]],
        "status": np.where(later, FATES[COMPLETED], status[row]),
        "effective_at": effective_at[row],
        "reason_code": np.where(later, "appeal", reason[row]),
        "entered_at": entered_at[row] + np.where(later, 24 * DAY, 0).astype("timedelta64[s]"),
    }
    known = np.flatnonzero(columns["entered_at"] < END)
    completes = known[(columns["status"] == FATES[COMPLETED])[known]]
    completed_at = np.full(len(journeys), np.datetime64("NaT", "s"))
    completed_at[index[row[completes]]] = effective_at[row[completes]]
    known = known[np.argsort(columns["entered_at"][known], kind="stable")]
    return {name: column[known] for name, column in columns.items()}, completed_at


def _reasons(world: World, journeys: Journeys, status, index, rng) -> np.ndarray:
    """Draw why: leaving the employer shows always, an account's own cause often."""
    reason = np.full(len(index), None, dtype=object)
    for name, (options, weights) in REASONS.items():
        rows = np.flatnonzero(status == name)
        reason[rows] = choose(rng, options, weights, len(rows))
    withdrawn = status == FATES[WITHDRAWN]
    reason[withdrawn & (journeys.first_day[index] < 0)] = "no_show"
    if len(index):
        cause = CAUSES.get(world.truths.accounts[journeys.account[0]].bottleneck)
        says = withdrawn & (rng.random(len(index)) < (CAUSE_SHARE if cause else 0))
        reason[says] = cause
    final = withdrawn | (status == FATES[CANCELLED])
    reason[final & journeys.has_left[index]] = "left_employer"
    return reason
