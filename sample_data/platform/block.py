"""A block of one account's people, drawn whole: who they are, what they did, what lands of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ..draw import Columns, Numbers
from ..programs import Assignments, plan_assignments
from ..workforce import Workforce, draw_workforce
from ..world import World
from .applications import application, booking_times, draw_paths, registered_at
from .coaching import coaching_session
from .enrolling import draw_journeys
from .enrollments import enrollment, enrollment_status
from .events import learning_event
from .journeys import Journeys, active_weeks
from .marketing import marketing_touch
from .overrides import identity_override
from .people import draw_people, participant, register_days
from .skills import credential, skill_assessment
from .submissions import submission

BLOCK = 10_000  # workers drawn at a time: bounds the memory at any scale


@dataclass
class Block:
    """People of one account, their journeys, and the rows of theirs that land."""

    number: int
    account: int  # index
    workforce: Workforce
    participant_id: np.ndarray
    participant_worker: np.ndarray  # index into the workforce; -1: none
    registered_at: np.ndarray
    never_enrolls: np.ndarray  # whether the participant only registered
    journeys: Journeys
    enrollment_id: np.ndarray
    enrolled_at: np.ndarray
    start: np.ndarray  # the day
    completed_at: np.ndarray  # as on record on the last day; NaT: not completed
    tables: dict[str, Columns]
    events: pa.Table


def blocks(world: World) -> Iterator[Block]:
    """Draw everybody, a block at a time, account by account."""
    work, numbers = plan_assignments(world.truths.programs), Numbers()
    number = 0
    for account, employer in enumerate(world.truths.accounts):
        left = max(1, round(employer.workers * world.scale))
        while left:
            size = min(left, BLOCK)
            yield draw_block(world, work, account, number, size, numbers)
            left, number = left - size, number + 1


def draw_block(
    world: World, work: Assignments, account: int, number: int, size: int, numbers: Numbers
) -> Block:
    """Draw one block; each entity from a random stream of its own."""

    def rng(name: str) -> np.random.Generator:
        return world.rng(name, number)

    workforce = draw_workforce(world, account, number, size)
    people = draw_people(world, workforce, numbers, rng("people"))
    enrolls = np.flatnonzero(~np.isnat(people.booked))
    journeys = draw_journeys(
        world, account, people.booked[enrolls], people.may_until[enrolls], people.leaves[enrolls],
        rng("journeys"),
    )  # fmt: skip
    ids = numbers.ids("enrollment", "en-", len(journeys), 6)
    booked_at = booking_times(people, journeys, rng("enrolled_at"))
    start = world.cohorts.start[journeys.cohort]
    active = active_weeks(world.truths, journeys, start, rng("active_weeks"))
    register_on = register_days(people, rng("register"))
    paths = draw_paths(people, journeys, booked_at, register_on, rng("paths"))
    registered = registered_at(people, paths)
    applied, path_ids = application(world, people, paths, journeys, numbers, rng("application"))
    application_id = np.full(len(journeys), None, dtype=object)
    application_id[paths.enrollment[paths.enrollment >= 0]] = path_ids[paths.enrollment >= 0]
    person = participant(world, people, workforce, registered, rng("participant"))
    booked = enrollment(world, people, journeys, ids, application_id, booked_at, rng("enrollment"))
    status, completed_at = enrollment_status(
        world, people, journeys, ids, booked_at, rng("enrollment_status")
    )
    handed_in = submission(world, work, people, journeys, ids, active, numbers, rng("submission"))
    sessions = coaching_session(world, people, journeys, ids, numbers, rng("coaching_session"))
    levels = skill_assessment(
        world, people, journeys, ids, completed_at, numbers, rng("skill_assessment")
    )
    awards = credential(world, people, journeys, ids, completed_at, numbers, rng("credential"))
    touches = marketing_touch(world, people, workforce, paths, numbers, rng("marketing_touch"))
    events = learning_event(
        world, people, journeys, ids, active, handed_in, numbers, rng("learning_event")
    )
    tables = workforce.tables() | {
        "participant": person,
        "identity_override": identity_override(world, workforce, people, person, rng("override")),
        "marketing_touch": touches,
        "application": applied,
        "enrollment": booked,
        "enrollment_status": status,
        "submission": handed_in,
        "coaching_session": sessions,
        "skill_assessment": levels,
        "credential": awards,
    }
    return Block(
        number, account, workforce, people.participant_id, people.worker, registered,
        np.isnat(people.booked), journeys, ids, booked_at, start, completed_at, tables, events,
    )  # fmt: skip
