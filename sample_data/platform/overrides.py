"""The entity `identity_override`: what a person decided about a link between two systems."""

import numpy as np

from ..draw import DAY, Columns
from ..world import END, World
from .people import People

LINKED_BY_HAND = 0.4  # of the workers with neither number nor the employer's e-mail
DECIDED_BY = "Identity desk"


def identity_override(
    world: World, workforce, people: People, person: Columns, rng: np.random.Generator
) -> Columns:
    """Return the entity `identity_override`: some who cannot be matched are linked by hand."""
    size, worker = len(people), people.worker
    employer_email = np.append(workforce.email, None)[worker]
    number, email = person["employee_number"][:size], person["email"][:size]
    lost = (worker >= 0) & (number == None) & (email != employer_email)  # noqa: E711
    rows = np.flatnonzero(lost & (rng.random(size) < LINKED_BY_HAND))
    delay = rng.integers(5 * DAY, 40 * DAY, len(rows)).astype("timedelta64[s]")
    at = person["registered_at"][rows] + delay
    rows, at = rows[at < END], at[at < END]
    return decisions(
        world.truths.accounts[people.account].account_id,
        people.participant_id[rows],
        workforce.worker_id[worker[rows]],
        ["link"] * len(rows),
        at,
    )


def decisions(account_id: str, participant_id, worker_id, action, decided_at) -> Columns:
    """Return rows of the entity, of one account."""
    size = len(participant_id)
    return {
        "participant_id": np.array(participant_id, dtype=object),
        "account_id": np.full(size, account_id, dtype=object),
        "worker_id": np.array(worker_id, dtype=object),
        "action": np.array(action, dtype=object),
        "decided_by": np.full(size, DECIDED_BY, dtype=object),
        "decided_at": np.array(decided_at, dtype="datetime64[s]"),
    }
