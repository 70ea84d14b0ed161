"""The entity `learning_event`: what visits and submissions left, in blocks of enrollments."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .draw import Columns, delayed, generator, seconds
from .journeys import Journeys
from .programs import Cohorts
from .sessions import draw_sessions
from .traces import (
    ANSWERED,
    LOGGED_IN,
    LOGIN_FAILED,
    OPENED,
    PASSWORD_RESET,
    PRACTICED,
    SUBMITTED,
    VERBS,
    VIEWED,
    leave_traces,
)
from .truths import Truths

BLOCK = 10_000  # enrollments drawn at a time: bounds the memory at any scale
EVENTS_PER_BLOCK = 100_000_000
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


def learning_event(
    truths: Truths,
    cohorts: Cohorts,
    journeys: Journeys,
    participant_id: np.ndarray,
    active: np.ndarray,
    submissions: Columns,
    seed: int,
) -> Iterator[pa.Table]:
    """Yield the events known until the last day, a block at a time, each in order of storing."""
    people = pa.array(participant_id, pa.string())
    for block, first in enumerate(range(0, len(journeys), BLOCK)):
        rng = generator(seed, "learning_event", block)
        mine = np.arange(first, min(first + BLOCK, len(journeys)))
        part = journeys.take(mine)
        events = _draw(truths, cohorts, part, active[mine], submissions, block, rng)
        owner = events["_enrollment"]
        names = pa.array([f"en-{i + 1:06d}" for i in mine.tolist()])
        numbers = pa.array(EVENTS_PER_BLOCK * block + np.arange(1, len(owner) + 1))
        numbers = pc.utf8_lpad(numbers.cast(pa.string()), 10, "0")
        typed = {
            **_describe(truths, cohorts, part, events, rng),
            "event_id": pc.binary_join_element_wise("ev-", numbers, ""),
            "participant_id": people.take(pa.array(part.participant[owner])),
            "enrollment_id": names.take(pa.array(owner, mask=_is_on_platform(events, rng))),
            "voids_event_id": pa.nulls(len(owner), pa.string()),
        }
        yield pa.table([typed[name] for name in SCHEMA.names], schema=SCHEMA)


def _draw(
    truths: Truths,
    cohorts: Cohorts,
    part: Journeys,
    active: np.ndarray,
    submissions: Columns,
    block: int,
    rng: np.random.Generator,
) -> Columns:
    """Draw who did what when, and when it was stored, for a block of enrollments."""
    sessions = draw_sessions(truths, cohorts, part, active, rng)
    failure = np.array([a.login_failure for a in truths.accounts])
    visit, verb, second = leave_traces(sessions, part, failure, rng)
    owner = sessions.enrollment[visit]
    day = cohorts.start[part.cohort[owner]] + sessions.day[visit]
    occurred_at = seconds(day, sessions.second[visit] + second)

    is_mine = submissions["_enrollment"] // BLOCK == block
    work = np.flatnonzero(is_mine & ~submissions["is_carried_over"])
    nothing = np.full(len(verb), None, dtype=object)
    events = {
        "_enrollment": np.concatenate([owner, submissions["_enrollment"][work] - BLOCK * block]),
        "verb": np.concatenate([verb, np.full(len(work), SUBMITTED)]),
        "occurred_at": np.concatenate([occurred_at, submissions["submitted_at"][work]]),
        "is_first": np.concatenate([sessions.is_first[visit], np.zeros(len(work), dtype=bool)]),
        "assignment_id": np.concatenate([nothing, submissions["assignment_id"][work]]),
    }
    stored_at = delayed(rng, events["occurred_at"], 40, truths.late_stored, 9)
    events["stored_at"] = stored_at
    known = np.flatnonzero(stored_at < np.datetime64(truths.last_day) + 1)
    known = known[
        np.lexsort((events["verb"][known], events["_enrollment"][known], stored_at[known]))
    ]
    return {name: column[known] for name, column in events.items()}


def _is_on_platform(events: Columns, rng: np.random.Generator) -> np.ndarray:
    """Return which events know no enrollment: failed logins and resets, and some logins."""
    verb = events["verb"]
    login = (verb == LOGGED_IN) & ~events["is_first"] & (rng.random(len(verb)) < 0.3)
    return login | (verb == LOGIN_FAILED) | (verb == PASSWORD_RESET)


def _describe(
    truths: Truths, cohorts: Cohorts, part: Journeys, events: Columns, rng: np.random.Generator
) -> dict[str, pa.Array]:
    """Return what the events were about: verb, object, success, score, duration and times."""
    verb, owner, size = events["verb"], events["_enrollment"], len(events["verb"])
    short = [p.program_id.removeprefix("prg-") for p in truths.programs]
    shelf = pa.array([f"{s}/unit-{w:02d}-{n}" for s in short for w in range(1, 53) for n in "abcd"])
    day = events["occurred_at"].astype("datetime64[D]")
    age = (day - cohorts.start[part.cohort[owner]]).astype(int)
    weeks = np.array([p.weeks for p in truths.programs])[part.program[owner]]
    unit = np.clip(age // 7, 0, weeks - 1)
    place = (part.program[owner] * 52 + unit) * 4 + rng.integers(0, 4, size)
    learned = shelf.take(pa.array(place, mask=verb < OPENED))

    answered, practiced = verb == ANSWERED, verb == PRACTICED
    score = np.round(rng.beta(6, 2, size), 4)
    minutes = np.array([minutes for _, _, minutes in VERBS])[verb]
    duration = np.minimum(minutes * 60 * rng.lognormal(-0.15, 0.5, size), 14_400).astype(int)
    is_several = (verb == VIEWED) & (rng.random(size) < 0.04)
    code = pa.array(verb)
    return {
        "verb": pa.array([name for name, _, _ in VERBS]).take(code),
        "object_id": pc.coalesce(pa.array(events["assignment_id"], pa.string()), learned),
        "object_type": pa.array([kind for _, kind, _ in VERBS]).take(code),
        "quantity": pa.array(rng.integers(2, 6, size), mask=~is_several),
        "success": pa.array(score > 0.55, mask=~answered),
        "score_scaled": pa.array(score, mask=~(answered | practiced)).cast(pa.decimal128(18, 4)),
        "duration_seconds": pa.array(duration, mask=minutes == 0),
        "occurred_at": pa.array(events["occurred_at"]).cast(pa.timestamp("us")),
        "stored_at": pa.array(events["stored_at"]).cast(pa.timestamp("us")),
    }
