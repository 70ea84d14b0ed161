"""The entity `learning_event`: what each visit and each submission left behind, in blocks of enrollments."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .draw import Columns, delayed, generator, seconds
from .journeys import Journeys
from .programs import Cohorts
from .sessions import BEFORE, LEARN, LOCKED_OUT, LOOK, Sessions, draw_sessions
from .truths import Truths

BLOCK = 10_000  # enrollments
EVENTS_PER_BLOCK = 100_000_000
VERBS = np.array(
    "logged_in login_failed password_reset error_shown opened viewed watched answered submitted practiced "
    "discussed attended voided".split()
)
(LOGGED_IN, LOGIN_FAILED, PASSWORD_RESET, ERROR_SHOWN, OPENED, VIEWED, WATCHED, ANSWERED, SUBMITTED,
 PRACTICED, DISCUSSED, ATTENDED, VOIDED) = range(len(VERBS))  # fmt: skip
LEARNING = np.array([VIEWED, WATCHED, ANSWERED, PRACTICED, DISCUSSED, ATTENDED])
LEARNING_WEIGHT = np.array([0.31, 0.25, 0.22, 0.11, 0.06, 0.05])
OBJECT_TYPE = np.array(
    ["platform"] * 3
    + ["page", "unit", "unit", "video", "quiz", "assignment", "simulation", "forum", "session", ""]
)
TYPICAL_MINUTES = np.array([0, 0, 0, 0, 0, 6, 9, 4, 0, 22, 5, 45, 0])
SCHEMA = pa.schema(
    [
        ("event_id", pa.string()),
        ("participant_id", pa.string()),
        ("enrollment_id", pa.string()),
        ("verb", pa.string()),
        ("object_id", pa.string()),
        ("object_type", pa.string()),
        ("quantity", pa.int64()),
        ("success", pa.bool_()),
        ("score_scaled", pa.decimal128(18, 4)),
        ("duration_seconds", pa.int64()),
        ("occurred_at", pa.timestamp("us")),
        ("stored_at", pa.timestamp("us")),
        ("voids_event_id", pa.string()),
    ]
)


def _leave_traces(sessions: Sessions, journeys: Journeys, failure: np.ndarray, rng):
    """Return the visit, verb and second within the visit of each event that the visits leave."""
    size, kind = len(sessions.kind), sessions.kind
    account = journeys.account[sessions.enrollment]
    fails = np.where(rng.random(size) < failure[account], 1 + rng.poisson(0.8, size), 0)
    fails = np.where(kind == LOCKED_OUT, np.maximum(fails, 1 + rng.poisson(0.5, size)), fails)
    resets = (fails > 0) & (rng.random(size) < 0.3)
    logs_in = np.select(
        [kind == LEARN, kind == LOCKED_OUT],
        [sessions.is_first | (rng.random(size) < 0.85), rng.random(size) < 0.25],
        True,
    )
    opens = ((kind == LEARN) | (kind == LOOK)) & (rng.random(size) < 0.5) | (kind == BEFORE)
    errs = rng.random(size) < 0.02
    items = np.where(kind == LEARN, 1 + rng.poisson(1.7, size), 0)
    early_bird = (kind == BEFORE) & journeys.is_activated[sessions.enrollment]
    items += early_bird & (rng.random(size) < 0.4)
    parts = [
        (fails, LOGIN_FAILED, 0), (resets, PASSWORD_RESET, 100), (logs_in, LOGGED_IN, 200),
        (opens, OPENED, 230), (errs, ERROR_SHOWN, 250), (items, -1, 300),
    ]  # fmt: skip
    visit = [np.repeat(np.arange(size), times) for times, _, _ in parts]
    verb = [np.full(len(v), code) for v, (_, code, _) in zip(visit, parts, strict=True)]
    nth = [np.arange(len(v)) - np.searchsorted(v, v) for v in visit]
    gap = (0.5 + rng.random(size)) * 300
    second = [
        base + n * np.where(code < 0, gap[v], 20) + rng.integers(0, 15, len(v))
        for v, n, (_, code, base) in zip(visit, nth, parts, strict=True)
    ]
    visit, verb = np.concatenate(visit), np.concatenate(verb)
    learns = verb < 0
    verb[learns] = rng.choice(LEARNING, learns.sum(), p=LEARNING_WEIGHT)
    return visit, verb, np.concatenate(second).astype(int)


def learning_event(
    truths: Truths,
    cohorts: Cohorts,
    journeys: Journeys,
    participant_id: np.ndarray,
    active: np.ndarray,
    submissions: Columns,
    seed: int,
) -> Iterator[pa.Table]:
    """Yield the events known until the last day, in blocks of enrollments, each in order of storing."""
    for block, first in enumerate(range(0, len(journeys), BLOCK)):
        rng = generator(seed, "learning_event", block)
        mine = np.arange(first, min(first + BLOCK, len(journeys)))
        part = journeys.take(mine)
        sessions = draw_sessions(truths, cohorts, part, active[mine], rng)
        failure = np.array([a.login_failure for a in truths.accounts])
        visit, verb, second = _leave_traces(sessions, part, failure, rng)
        start = cohorts.start[part.cohort[sessions.enrollment[visit]]]
        at = seconds(start + sessions.day[visit], sessions.second[visit] + second)
        work = np.flatnonzero(
            (submissions["_enrollment"] // BLOCK == block) & ~submissions["is_carried_over"]
        )
        enrollment = np.concatenate(
            [sessions.enrollment[visit], submissions["_enrollment"][work] - first]
        )
        verb = np.concatenate([verb, np.full(len(work), SUBMITTED)])
        at = np.concatenate([at, submissions["submitted_at"][work]])
        is_first = np.concatenate([sessions.is_first[visit], np.ones(len(work), dtype=bool)])
        stored = delayed(rng, at, 40, truths.late_stored, 9)
        known = np.flatnonzero(stored < np.datetime64(truths.last_day) + 1)
        known = known[np.lexsort((verb[known], enrollment[known], stored[known]))]
        assigned = np.full(len(verb), None, dtype=object)
        assigned[len(verb) - len(work) :] = submissions["assignment_id"][work]
        yield _table(
            truths, part, participant_id, first, block, enrollment[known], verb[known], at[known],
            stored[known], is_first[known], assigned[known], cohorts, rng,
        )  # fmt: skip


def _table(
    truths, part, participant_id, first, block, enrollment, verb, at, stored, is_first, work, cohorts, rng
) -> pa.Table:  # fmt: skip
    """Return the events of a block as a typed table."""
    size = len(verb)
    numbers = pa.array(EVENTS_PER_BLOCK * block + np.arange(1, size + 1)).cast(pa.string())
    event_id = pc.binary_join_element_wise("ev-", pc.utf8_lpad(numbers, 10, "0"), "")
    on_platform = (verb == LOGIN_FAILED) | (verb == PASSWORD_RESET)
    on_platform |= (verb == LOGGED_IN) & ~is_first & (rng.random(size) < 0.3)
    names = pa.array([f"en-{first + i + 1:06d}" for i in range(len(part))])
    enrollment_id = names.take(pa.array(enrollment, mask=on_platform))

    short = [p.program_id.removeprefix("prg-") for p in truths.programs]
    shelf = pa.array([f"{s}/unit-{w:02d}-{n}" for s in short for w in range(1, 53) for n in "abcd"])
    age = (at.astype("datetime64[D]") - cohorts.start[part.cohort[enrollment]]).astype(int)
    weeks = np.array([p.weeks for p in truths.programs])[part.program[enrollment]]
    unit = np.clip(age // 7, 0, weeks - 1)
    place = (part.program[enrollment] * 52 + unit) * 4 + rng.integers(0, 4, size)
    objects = shelf.take(pa.array(place, mask=verb < OPENED))
    objects = pc.coalesce(pa.array(work, pa.string()), objects)

    answered, practiced = verb == ANSWERED, verb == PRACTICED
    score = np.round(rng.beta(6, 2, size), 4)
    minutes = TYPICAL_MINUTES[verb]
    duration = np.minimum(minutes * 60 * rng.lognormal(-0.15, 0.5, size), 14_400).astype(int)
    many = (verb == VIEWED) & (rng.random(size) < 0.04)
    return pa.table(
        [
            event_id,
            pa.array(participant_id).take(pa.array(part.participant[enrollment])).cast(pa.string()),
            enrollment_id,
            pa.array(VERBS).cast(pa.string()).take(pa.array(verb)),
            objects,
            pa.array(OBJECT_TYPE).cast(pa.string()).take(pa.array(verb)),
            pa.array(rng.integers(2, 6, size), mask=~many),
            pa.array(score > 0.55, mask=~answered),
            pa.array(score, mask=~(answered | practiced)).cast(pa.decimal128(18, 4)),
            pa.array(duration, mask=minutes == 0),
            pa.array(at).cast(pa.timestamp("us")),
            pa.array(stored).cast(pa.timestamp("us")),
            pa.nulls(size, pa.string()),
        ],
        schema=SCHEMA,
    )
