"""The entity `learning_event`: what visits and submissions left, typed, in order of storing."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..draw import Columns, Numbers, delayed
from ..world import END, World
from .journeys import Journeys
from .people import People
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
from .visits import draw_visits, login_failure

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
UNITS_A_WEEK = "abcd"


def learning_event(
    world: World,
    people: People,
    journeys: Journeys,
    ids: np.ndarray,
    active: np.ndarray,
    submissions: Columns,
    numbers: Numbers,
    rng: np.random.Generator,
) -> pa.Table:
    """Return the events of a block that are known until the last day."""
    events = _draw(world, people, journeys, active, submissions, rng)
    owner = events["_enrollment"]
    number = pa.array(numbers.take("event", len(owner)))
    number = pc.utf8_lpad(number.cast(pa.string()), 10, "0")
    person = pa.array(people.participant_id, pa.string())
    enrollment = pa.array(ids, pa.string())
    typed = {
        **_describe(world, journeys, events, rng),
        "event_id": pc.binary_join_element_wise("ev-", number, ""),
        "participant_id": person.take(pa.array(journeys.participant[owner])),
        "enrollment_id": enrollment.take(pa.array(owner, mask=_is_on_platform(events, rng))),
        "voids_event_id": pa.nulls(len(owner), pa.string()),
    }
    return pa.table([typed[name] for name in SCHEMA.names], schema=SCHEMA)


def _draw(world: World, people: People, journeys: Journeys, active, submissions: Columns, rng):
    """Draw who did what when, and when it was stored."""
    visits = draw_visits(world, people, journeys, active, rng)
    failure, items = login_failure(world, people.account), world.truths.platform.items_per_visit
    visit, verb, second = leave_traces(visits, journeys, failure, items, rng)
    work = np.flatnonzero(~submissions["is_carried_over"])
    events = {
        "_enrollment": np.concatenate([visits.enrollment[visit], submissions["_enrollment"][work]]),
        "verb": np.concatenate([verb, np.full(len(work), SUBMITTED)]),
        "occurred_at": np.concatenate(
            [
                visits.begins_at[visit] + second.astype("timedelta64[s]"),
                submissions["submitted_at"][work],
            ]
        ),
        "is_first": np.concatenate([visits.is_first[visit], np.zeros(len(work), dtype=bool)]),
        "work": np.concatenate([np.full(len(verb), -1), work]),
    }
    stored_at = delayed(rng, events["occurred_at"], 40, world.truths.platform.late_stored, 9)
    events["stored_at"] = stored_at
    known = np.flatnonzero(stored_at < END)
    known = known[np.argsort(stored_at[known], kind="stable")]
    events = {name: column[known] for name, column in events.items()}
    events["assignment_id"] = np.append(submissions["assignment_id"], None)[events.pop("work")]
    day = world.cohorts.start[journeys.cohort].astype("datetime64[s]")[events["_enrollment"]]
    events["age"] = (events["occurred_at"] - day).astype(int) // 86_400
    return events


def _is_on_platform(events: Columns, rng: np.random.Generator) -> np.ndarray:
    """Return which events know no enrollment: failed logins and resets, and some logins."""
    verb = events["verb"]
    login = (verb == LOGGED_IN) & ~events["is_first"] & (rng.random(len(verb)) < 0.3)
    return login | (verb == LOGIN_FAILED) | (verb == PASSWORD_RESET)


def _describe(
    world: World, journeys: Journeys, events: Columns, rng: np.random.Generator
) -> dict[str, pa.Array]:
    """Return what the events were about: verb, object, success, score, duration and times."""
    verb, owner, size = events["verb"], events["_enrollment"], len(events["verb"])
    programs = world.truths.programs
    short = [p.program_id.removeprefix("prg-") for p in programs]
    shelf = pa.array(
        [f"{s}/unit-{w:02d}-{n}" for s in short for w in range(1, 53) for n in UNITS_A_WEEK]
    )
    weeks = np.array([p.weeks for p in programs])[journeys.program]
    unit = np.clip(events["age"] // 7, 0, weeks[owner] - 1)
    place = (journeys.program[owner] * 52 + unit) * len(UNITS_A_WEEK)
    place += rng.integers(0, len(UNITS_A_WEEK), size)
    learned = shelf.take(pa.array(place, mask=verb < OPENED))

    answered, practiced = verb == ANSWERED, verb == PRACTICED
    score = np.rint(rng.beta(6, 2, size) * 10_000).astype(np.int64)
    minutes = np.array([minutes for _, _, minutes in VERBS])[verb]
    duration = np.minimum(minutes * 60 * rng.lognormal(-0.15, 0.5, size), 14_400).astype(int)
    is_several = (verb == VIEWED) & (rng.random(size) < 0.04)
    code = pa.array(verb)
    return {
        "verb": pa.array([name for name, _, _ in VERBS]).take(code),
        "object_id": pc.coalesce(pa.array(events["assignment_id"], pa.string()), learned),
        "object_type": pa.array([kind for _, kind, _ in VERBS]).take(code),
        "quantity": pa.array(rng.integers(2, 6, size), mask=~is_several),
        "success": pa.array(score > 5_500, mask=~answered),
        "score_scaled": _ten_thousandths(score, ~(answered | practiced)),
        "duration_seconds": pa.array(duration, mask=minutes == 0),
        "occurred_at": pa.array(events["occurred_at"]).cast(pa.timestamp("us")),
        "stored_at": pa.array(events["stored_at"]).cast(pa.timestamp("us")),
    }


def _ten_thousandths(values: np.ndarray, mask: np.ndarray) -> pa.Array:
    """Return whole numbers of ten-thousandths as decimals with four places."""
    whole = pa.array(values, mask=mask).cast(pa.decimal128(19, 0))
    tenth = pa.scalar("0.0001").cast(pa.decimal128(5, 4))
    return pc.multiply(whole, tenth).cast(pa.decimal128(18, 4))
