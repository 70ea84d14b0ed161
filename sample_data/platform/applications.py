"""The way to an enrollment: awareness, registration, application, decision."""

from dataclasses import dataclass

import numpy as np

from ..draw import DAY, Columns, Numbers, choose, delayed, seconds
from ..world import END, World
from .journeys import Journeys
from .people import People, local_time

# typical days before the next step: aware, registered, started, submitted, decided
GAPS = (30, 4, 3, 6, 3)
NOT_APPROVED = (("denied", 0.3), ("withdrawn", 0.35), ("expired", 0.25), ("approved", 0.1))
REASONS = {
    "denied": (("not_eligible_program", "budget_used", "manager_declined"), (0.4, 0.35, 0.25)),
    "withdrawn": (("changed_mind", "schedule_conflict"), (0.6, 0.4)),
    "expired": (("no_answer",), (1.0,)),
}
NO_TIME = np.datetime64("NaT", "s")


@dataclass
class Paths:
    """The instants of the way, one entry per application in every array."""

    participant: np.ndarray
    enrollment: np.ndarray  # index; -1: never enrolled
    is_first: np.ndarray  # the participant's first application
    aware: np.ndarray
    registered: np.ndarray
    started: np.ndarray
    submitted: np.ndarray
    decided: np.ndarray


def draw_paths(
    people: People,
    journeys: Journeys,
    enrolled_at: np.ndarray,
    register_on: np.ndarray,
    rng: np.random.Generator,
) -> Paths:
    """Draw the way to each first attempt at a program, and of those who register and never enroll.

    The steps lie between the day on which the worker became eligible, or the participant's first
    booking, and the enrollment; where that is short they are closer together.
    """
    applies = np.flatnonzero(journeys.attempt == 1)
    person = journeys.participant[applies]
    is_first = np.zeros(len(applies), dtype=bool)
    is_first[np.unique(person, return_index=True)[1]] = True
    first_booked = np.full(len(people), NO_TIME)
    first_booked[person[is_first]] = enrolled_at[applies[is_first]]
    since = np.where(is_first, people.since[person].astype("datetime64[s]"), first_booked[person])
    never = np.flatnonzero(np.isnat(people.booked))
    ends = seconds(register_on + rng.integers(2, 25, len(never)), rng.integers(0, DAY, len(never)))
    ends = np.minimum(ends, END - np.timedelta64(30 * DAY, "s"))

    participant = np.concatenate([person, never])
    until = np.concatenate([enrolled_at[applies], ends])
    since = np.concatenate([since, people.since[never].astype("datetime64[s]")])
    gaps = np.maximum(rng.exponential(1, (len(until), len(GAPS))), 0.02) * np.array(GAPS) * DAY
    room = np.maximum(0.9 * (until - since).astype(float), 60.0)
    gaps *= np.minimum(1, room / gaps.sum(axis=1))[:, None]
    steps = until[:, None] - np.cumsum(gaps[:, ::-1], axis=1)[:, ::-1].astype("timedelta64[s]")
    return Paths(
        participant,
        np.concatenate([applies, np.full(len(never), -1)]),
        np.concatenate([is_first, np.ones(len(never), dtype=bool)]),
        *steps.T,
    )


def registered_at(people: People, paths: Paths) -> np.ndarray:
    """Return when each participant registered, from the participant's first application."""
    times = np.full(len(people), NO_TIME)
    times[paths.participant[paths.is_first]] = paths.registered[paths.is_first]
    return times


def application(
    world: World,
    people: People,
    paths: Paths,
    journeys: Journeys,
    numbers: Numbers,
    rng: np.random.Generator,
) -> tuple[Columns, np.ndarray]:
    """Return the entity `application`, and the identifier of each path's, if it has one.

    A row when it is submitted, and a correcting row when it is decided. Of those who never enroll a
    share never submits; the others are denied, withdraw, let it expire, or do not come.
    """
    own, size, never = world.truths.platform, len(paths.participant), paths.enrollment < 0
    luck = rng.random(size)
    applies = ~never | (luck > 0.3 * own.never_submitted)
    submits = ~never | (luck > own.never_submitted)
    options, weights = zip(*NOT_APPROVED, strict=True)
    decision = np.where(never, choose(rng, options, weights, size).astype(object), "approved")
    reason = np.full(size, None, dtype=object)
    for name, (codes_of, shares) in REASONS.items():
        rows = np.flatnonzero(decision == name)
        reason[rows] = choose(rng, codes_of, shares, len(rows))
    program = rng.integers(0, len(world.truths.programs), size)
    program[~never] = journeys.program[paths.enrollment[~never]]
    ids = np.where(applies, numbers.ids("application", "ap-", size, 6), None)
    known = delayed(rng, np.where(submits, paths.submitted, paths.started), 300, 0.01, 3)
    decided_known = delayed(rng, paths.decided, 600, 0.02, 3)

    one = np.flatnonzero(applies & (known < END))
    two = np.flatnonzero(applies & submits & (decided_known < END))
    row = np.concatenate([one, two])
    done = np.arange(len(row)) >= len(one)
    program_ids = np.array([p.program_id for p in world.truths.programs], dtype=object)
    columns = {
        "application_id": ids[row],
        "participant_id": people.participant_id[paths.participant[row]],
        "program_id": program_ids[program[row]],
        "started_at": paths.started[row],
        "submitted_at": np.where(submits[row], paths.submitted[row], NO_TIME),
        "decision": np.where(done, decision[row], None),
        "decided_at": np.where(done, paths.decided[row], NO_TIME),
        "reason_code": np.where(done, reason[row], None),
        "funding_type": choose(rng, ("employer", "grant", "self"), (0.93, 0.05, 0.02), size)[
            row
        ].astype(object),
        "updated_at": np.where(done, np.maximum(decided_known, known + 1)[row], known[row]),
    }
    return columns, ids


def booking_times(people: People, journeys: Journeys, rng: np.random.Generator) -> np.ndarray:
    """Draw when each enrollment was booked, in working hours: the same day in UTC."""
    local = local_time(journeys.booked, 8, 15, rng)
    return people.utc(journeys.participant, local)
