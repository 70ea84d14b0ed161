"""The work handed in: when, how well, once more after a failure, or carried over."""

import numpy as np

from ..draw import DAY, Columns, Numbers, delayed, scores, seconds
from ..programs import Assignments
from ..world import END, World
from .journeys import COMPLETED, MAX_WEEKS, Journeys
from .people import People


def _next_active(active: np.ndarray) -> np.ndarray:
    """Return, per enrollment and week, the first active week from it on; MAX_WEEKS: none."""
    week = np.where(active, np.arange(MAX_WEEKS), MAX_WEEKS)
    return np.minimum.accumulate(week[:, ::-1], axis=1)[:, ::-1]


def submission(
    world: World,
    work: Assignments,
    people: People,
    journeys: Journeys,
    ids: np.ndarray,
    active: np.ndarray,
    numbers: Numbers,
    rng: np.random.Generator,
) -> Columns:
    """Return the entity `submission`; the private column `_enrollment` has the enrollment's index.

    Work is handed in only in weeks in which the enrollment is active: near its due day, or later.
    Graded ones of later than the last day have no score yet.
    """
    own, pairs = world.truths.platform, []
    for p in range(len(world.truths.programs)):
        asked = np.flatnonzero(work.program == p)
        learners = np.flatnonzero((journeys.program == p) & journeys.runs)
        pairs.append(np.stack([np.repeat(learners, len(asked)), np.tile(asked, len(learners))]))
    enrollment, piece = np.concatenate(pairs, axis=1)

    due, pause = work.due_day[piece], journeys.break_day[enrollment]
    due = due + np.where((pause >= 0) & (due >= pause), journeys.break_days[enrollment], 0)
    wanted = np.maximum(due + np.rint(rng.normal(-1, 3, len(due))).astype(int), 0)
    wanted = np.minimum(wanted, np.maximum(journeys.end_day[enrollment], 0))
    week = _next_active(active)[enrollment, np.minimum(wanted // 7, MAX_WEEKS - 1)]
    day = np.clip(wanted, 7 * week, 7 * week + 6)
    day = np.clip(day, journeys.first_day[enrollment], journeys.end_day[enrollment])
    done = journeys.fate[enrollment] == COMPLETED
    willing = np.select(
        [done, journeys.is_engaged[enrollment]],
        [own.hands_in_completing, own.hands_in_engaged],
        own.hands_in_else,
    )
    is_exam = work.kind[piece] == "exam"
    hands_in = (rng.random(len(due)) < willing) | (done & is_exam)
    second = journeys.attempt[enrollment] > 1
    carried = second & (due < 60) & (rng.random(len(due)) < 0.3)
    kept = np.flatnonzero((hands_in & (week < MAX_WEEKS)) | carried)
    enrollment, piece, day = enrollment[kept], piece[kept], np.where(carried[kept], 0, day[kept])
    carried, done, is_exam = carried[kept], done[kept], is_exam[kept]

    score = rng.beta(8, 2.4, len(kept)) - np.where(done, 0, 0.12)
    score = np.where((done & is_exam) | carried, 0.6 + 0.4 * score, score).clip(0.02, 1)
    again = np.flatnonzero((score < 0.6) & ~carried & (rng.random(len(kept)) < 0.55))
    later = day[again] + rng.integers(2, 7, len(again))
    last_of_week = np.minimum(7 * (day[again] // 7) + 6, journeys.end_day[enrollment[again]])
    row = np.concatenate([np.arange(len(kept)), again])
    day = np.concatenate([day, np.minimum(later, last_of_week)])
    score = np.round(np.concatenate([score, np.minimum(score[again] + 0.2, 1)]), 4)
    is_second = np.arange(len(row)) >= len(kept)

    second_of_day = np.where(
        is_second,
        rng.integers(22 * 3_600, 23 * 3_600, len(row)),
        rng.integers(8 * 3_600, 22 * 3_600 - 1, len(row)),
    )
    second_of_day = np.where(carried[row], 60, second_of_day)
    owner = enrollment[row]
    local = seconds(world.cohorts.start[journeys.cohort[owner]] + day, second_of_day)
    submitted_at = people.utc(journeys.participant[owner], local)
    graded_at = delayed(rng, submitted_at, 1.5 * DAY, 0.04, 14)
    order = np.lexsort((is_second, submitted_at))
    order = order[submitted_at[order] < END]
    is_graded = graded_at[order] < END
    return {
        "submission_id": numbers.ids("submission", "sub-", len(order), 7),
        "enrollment_id": ids[owner[order]],
        "assignment_id": work.assignment_id[piece[row]][order],
        "submitted_at": submitted_at[order],
        "graded_at": np.where(is_graded, graded_at[order], np.datetime64("NaT")),
        "score_scaled": scores(np.where(is_graded, score[order], np.nan)),
        "passed": np.where(is_graded, (score[order] >= 0.6).astype(object), None),
        "attempt_no": np.where(is_second, 2, 1)[order],
        "is_carried_over": carried[row][order],
        "_enrollment": owner[order],
    }
