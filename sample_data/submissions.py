"""The work handed in: when, how well, once more after a failure, or carried over."""

import numpy as np

from .draw import DAY, Columns, codes, delayed, scores, seconds
from .journeys import CANCELLED, COMPLETED, MAX_WEEKS, Journeys
from .programs import Assignments, Cohorts
from .truths import Truths


def _next_active(active: np.ndarray) -> np.ndarray:
    """Return, per enrollment and week, the first active week from it on; MAX_WEEKS: none."""
    week = np.where(active, np.arange(MAX_WEEKS), MAX_WEEKS)
    return np.minimum.accumulate(week[:, ::-1], axis=1)[:, ::-1]


def submission(
    truths: Truths,
    cohorts: Cohorts,
    assignments: Assignments,
    journeys: Journeys,
    active: np.ndarray,
    rng: np.random.Generator,
) -> Columns:
    """Return the entity `submission`; the private column `_enrollment` has the enrollment's index.

    Work is handed in only in weeks in which the enrollment is active: near its due day, or later.
    """
    per_program = [np.flatnonzero(assignments.program == p) for p in range(len(truths.programs))]
    pairs = []
    for p, work in enumerate(per_program):
        learners = np.flatnonzero(
            (journeys.program == p) & (journeys.fate != CANCELLED) & ~journeys.is_parked
        )
        pairs.append(np.stack([np.repeat(learners, len(work)), np.tile(work, len(learners))]))
    enrollment, work = np.concatenate(pairs, axis=1)

    due, pause = assignments.due_day[work], journeys.break_day[enrollment]
    due = due + np.where((pause >= 0) & (due >= pause), journeys.break_days[enrollment], 0)
    wanted = np.maximum(due + np.rint(rng.normal(-1, 3, len(due))).astype(int), 0)
    wanted = np.minimum(wanted, np.maximum(journeys.end_day[enrollment], 0))
    week = _next_active(active)[enrollment, np.minimum(wanted // 7, MAX_WEEKS - 1)]
    day = np.clip(wanted, 7 * week, 7 * week + 6)
    day = np.clip(day, journeys.first_day[enrollment], journeys.end_day[enrollment])
    done = journeys.fate[enrollment] == COMPLETED
    willing = np.where(done, 0.96, np.where(journeys.is_engaged[enrollment], 0.82, 0.5))
    is_exam = assignments.kind[work] == "exam"
    hands_in = (rng.random(len(due)) < willing) | (done & is_exam)
    second = journeys.attempt[enrollment] > 1
    carried = second & (due < 60) & (rng.random(len(due)) < 0.3)
    kept = np.flatnonzero((hands_in & (week < MAX_WEEKS)) | carried)
    enrollment, work, day = enrollment[kept], work[kept], np.where(carried[kept], 0, day[kept])
    carried, done, is_exam = carried[kept], done[kept], is_exam[kept]

    score = rng.beta(8, 2.4, len(kept)) - np.where(done, 0, 0.12)
    score = np.where((done & is_exam) | carried, 0.6 + 0.4 * score, score).clip(0.02, 1)
    again = np.flatnonzero((score < 0.6) & ~carried & (rng.random(len(kept)) < 0.55))
    later = day[again] + rng.integers(2, 7, len(again))
    last_of_week = np.minimum(7 * (day[again] // 7) + 6, journeys.end_day[enrollment[again]])
    row = np.concatenate([np.arange(len(kept)), again])
    day = np.concatenate([day, np.minimum(later, last_of_week)])
    score = np.concatenate([score, np.minimum(score[again] + 0.2, 1)])
    attempt = np.concatenate([np.ones(len(kept), dtype=int), np.full(len(again), 2)])

    hour = np.where(attempt == 2, 23 * 3_600, 0) + rng.integers(0, 3_599, len(row))
    hour = np.where(attempt == 1, rng.integers(12 * 3_600, 23 * 3_600 - 1, len(row)), hour)
    hour = np.where(carried[row], 0, hour)
    submitted_at = seconds(cohorts.start[journeys.cohort[enrollment[row]]] + day, hour)
    graded_at = delayed(rng, submitted_at, 1.5 * DAY, 0.04, 14)
    order = np.lexsort((attempt, submitted_at))
    end = np.datetime64(truths.last_day) + 1
    order = order[submitted_at[order] < end]
    is_graded = graded_at[order] < end
    score = np.round(score, 4)
    return {
        "submission_id": codes("sub-", np.arange(len(order)) + 1, 7),
        "enrollment_id": codes("en-", enrollment[row][order] + 1, 6),
        "assignment_id": assignments.assignment_id[work[row][order]],
        "submitted_at": submitted_at[order],
        "graded_at": np.where(is_graded, graded_at[order], np.datetime64("NaT")),
        "score_scaled": scores(np.where(is_graded, score[order], np.nan)),
        "passed": np.where(is_graded, (score[order] >= 0.6).astype(object), None),
        "attempt_no": attempt[order],
        "is_carried_over": carried[row][order],
        "_enrollment": enrollment[row][order],
    }
