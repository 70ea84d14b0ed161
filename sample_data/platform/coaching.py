"""The entity `coaching_session`: booked, held or not.

Everybody still enrolled has the same sessions, whatever becomes of the enrollment: the first one
within four weeks, the others on the days of LATER. Only the day of the first one differs between
those who become engaged and those who do not, and whether a session is held is drawn at one rate
for all. So the first session predicts completion, and attendance does not.
"""

import numpy as np

from ..draw import Columns, Numbers, choose, codes, delayed, seconds
from ..world import END, World
from .journeys import Journeys
from .people import People

LATER = np.array([35, 49, *range(63, 400, 21)])  # days since the start, give or take two
EARLY, LATE, VERY_LATE = (1, 12), (15, 28), (21, 35)  # days of the first session; half-open
NO_TIME = np.datetime64("NaT", "s")


def first_days(world: World, journeys: Journeys, account: int, rng) -> np.ndarray:
    """Draw the day of each enrollment's first session: late wherever coaching comes late."""
    own, size = world.truths.platform, len(journeys)
    chance = np.where(
        journeys.is_engaged, own.early_first_session, own.early_first_session_not_engaged
    )
    early, late = rng.integers(*EARLY, size), rng.integers(*LATE, size)
    day = np.where(rng.random(size) < chance, early, late)
    is_troubled = world.truths.accounts[account].bottleneck == "late_first_coaching"
    return rng.integers(*VERY_LATE, size) if is_troubled else day


def coaching_session(
    world: World,
    people: People,
    journeys: Journeys,
    ids: np.ndarray,
    numbers: Numbers,
    rng: np.random.Generator,
) -> Columns:
    """Return the entity `coaching_session`: a row as booked, and one with what became of it.

    The second row corrects the first; sessions that were not over by the last day have none.
    """
    own, runs = world.truths.platform, np.flatnonzero(journeys.runs)
    first = first_days(world, journeys, people.account, rng)[runs]
    days = np.column_stack([first, np.tile(LATER, (len(runs), 1))])
    days[:, 1:] += rng.integers(-2, 3, (len(runs), len(LATER)))
    nth, (owner, place) = days, np.nonzero(days <= journeys.end_day[runs][:, None])
    owner, day, is_first = runs[owner], nth[owner, place], place == 0
    # a session that is moved leaves a row of its own, a day or two before
    moved = np.flatnonzero(rng.random(len(owner)) < own.coaching_rescheduled)
    size, is_moved = len(owner) + len(moved), np.arange(len(owner) + len(moved)) >= len(owner)
    day = np.concatenate([day, day[moved] - rng.integers(1, 3, len(moved))])
    owner, is_first = np.append(owner, owner[moved]), np.append(is_first, is_first[moved])

    start = world.cohorts.start[journeys.cohort[owner]]
    slot = rng.integers(8, 18, size) * 3_600 + rng.integers(0, 4, size) * 900
    scheduled_at = people.utc(journeys.participant[owner], seconds(start + day, slot))
    ahead = np.where(is_first, rng.integers(1, 4, size), rng.integers(5, 13, size))
    opens = start + np.where(is_first & (day <= 13), 0, day - 13)
    booked_on = np.maximum(start + day - ahead, np.minimum(opens, start + day - 1))
    booked_at = people.utc(
        journeys.participant[owner], seconds(booked_on, rng.integers(8, 18, size) * 3_600)
    )
    minutes = np.where(is_first, 45, choose(rng, (30, 45), (3, 1), size))
    held = rng.random(size) < own.coaching_attended
    absent = choose(rng, ("no_show", "cancelled_participant"), (0.6, 0.4), size)
    status = np.where(held, "completed", absent).astype(object)
    status[rng.random(size) < own.coaching_cancelled_by_coach] = "cancelled_coach"
    status[is_moved] = "rescheduled"
    actual = np.maximum(np.rint(minutes + rng.normal(0, 5, size)), 10).astype(int)
    before = -rng.integers(1_800, 20 * 3_600, size)  # cancelled late, or moved, by so many seconds
    after = 60 * minutes + rng.exponential(3_600, size).astype(int)
    is_before = np.isin(status, ("cancelled_participant", "cancelled_coach", "rescheduled"))
    closed_at = scheduled_at + np.where(is_before, before, after).astype("timedelta64[s]")
    known_at = delayed(rng, booked_at, 60, 0, 1)
    closed_at = np.maximum(closed_at, known_at + np.timedelta64(60, "s"))

    program = journeys.program[owner].astype(str).astype(object)
    crew = max(2, round(4 * world.scale))
    coach = codes("-", (owner * 7 + people.account) % crew + 1, 2)
    columns = {
        "session_id": numbers.ids("session", "cs-", size, 7),
        "enrollment_id": ids[owner],
        "coach_id": "coach-" + program + coach,
        "booked_at": booked_at,
        "scheduled_at": scheduled_at,
        "scheduled_minutes": minutes,
        "actual_minutes": np.full(size, None, dtype=object),
        "status": np.full(size, "booked", dtype=object),
        "updated_at": known_at,
    }
    one, two = np.flatnonzero(known_at < END), np.flatnonzero(closed_at < END)
    booked = {name: column[one] for name, column in columns.items()}
    columns["actual_minutes"] = np.where(status == "completed", actual, None)
    columns |= {"status": status, "updated_at": closed_at}
    return {name: np.concatenate([booked[name], columns[name][two]]) for name in columns}
