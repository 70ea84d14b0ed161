"""Meetings: touchpoints with contacts, and the sittings of governing bodies."""

from typing import TYPE_CHECKING

import numpy as np

from ..draw import Columns
from .people import Contacts
from .rows import at_work, chance, table

if TYPE_CHECKING:
    from ..world import World

KINDS = (  # kind, every so many months, day of the month, roles, share in which the contact speaks
    ("working", 1, 12, ("program_owner", "manager"), 0.9),
    ("steering", 3, 18, ("program_owner", "hr_leader"), 0.85),
    ("qbr", 3, 22, ("hr_leader", "executive_sponsor"), 0.9),
    ("ebr", 6, 25, ("executive_sponsor",), 0.9),
    ("training", 4, 8, ("manager",), 0.3),
)
LEARNING_COUNCIL, EXECUTIVE_COUNCIL, STEERING = (
    "learning_council", "executive_council", "steering_committee",
)  # fmt: skip


def touchpoint(world: "World", contacts: Contacts) -> Columns:
    """Return the entity `touchpoint`: a row for each contact of each meeting, planned or held.

    A meeting is held more likely where confidence is high, and how it goes follows confidence.
    Meetings of the month after the last one are booked already.
    """
    rng, rows = world.rng("touchpoint"), []
    own, after = world.truths.stakeholders, np.datetime64(world.last_day, "s") + 86_400
    for account, buyer in enumerate(world.truths.accounts):
        short = buyer.account_id.removeprefix("acc-")
        served = np.flatnonzero(world.contracts.served[account]).tolist()
        if _goes_on(world, account):
            served.append(len(world.months))
        for month in served:
            for kind, every, day, roles, speaks in KINDS:
                if (month + account) % every:
                    continue
                planned = at_work(rng, (world.months[0] + month).astype("datetime64[D]") + day)
                attendees = contacts.at(planned.astype("datetime64[D]"), account, *roles)
                attendees = attendees[: 3 if kind == "working" else 4]
                past = min(month, len(world.months) - 1)
                mood = {r: world.chain.confidence[r][account, past] for r in roles}
                share = chance(own.held_share, own.engaged_per_10, min(mood.values()))
                held, shift = rng.random() < share, int(rng.choice([0, 0, 0, 7]))
                at = planned + np.timedelta64(shift * 86_400, "s") if held else None
                at = None if at is None or at >= after else at
                code = f"tp-{short}-{kind}-{world.months[0] + month}"
                for who in attendees:
                    tone, talks = rng.normal(0, 0.5), bool(rng.random() < speaks)
                    felt = min(max(round((mood[contacts.role[who]] - 65) / 10 + tone), -2), 2)
                    is_held = at is not None
                    rows.append(
                        (code, buyer.account_id, contacts.contact_id[who], kind, planned, at,
                         talks if is_held else None, felt if is_held else None)
                    )  # fmt: skip
    names = "touchpoint_id account_id contact_id kind planned_at held_at two_way sentiment"
    return table(names, rows)


def _goes_on(world: "World", account: int) -> bool:
    """Return whether a contract that is known covers the day a month after the last one."""
    day = (world.months[-1] + 2).item()
    terms = [term for term in world.contracts.rows if term.account == account]
    return any(term.starts_on <= day <= term.ends_on for term in terms)


def governance_meeting(world: "World") -> Columns:
    """Return the entity `governance_meeting`: each account's committee, the provider's councils."""
    rng, rows = world.rng("governance_meeting"), []
    own, last = world.truths.stakeholders, np.datetime64(world.last_day, "D")
    for month, start in enumerate(world.months):
        first = start.astype("datetime64[D]")
        bodies = [(None, LEARNING_COUNCIL, first + 14, 65.0)]
        if month % 3 == 1:
            bodies.append((None, EXECUTIVE_COUNCIL, first + 20, 75.0))
        for account in np.flatnonzero(world.contracts.served[:, month]).tolist():
            if month % 3 == account % 3:
                mood = world.chain.confidence["hr_leader"][account, month]
                buyer = world.truths.accounts[account].account_id
                bodies.append((buyer, STEERING, first + 9 + account % 10, mood))
        for buyer, body, due, mood in bodies:
            held = rng.random() < chance(own.held_share, own.engaged_per_10, mood)
            held_on = due + int(rng.choice([0, 0, 0, 2, 7])) if held else None
            held_on = None if held_on is None or held_on > last else held_on
            opened = int(rng.poisson(2.5)) if held_on is not None else 0
            closed = int(rng.binomial(opened, 0.7)) if opened else 0
            code = f"gm-{len(rows) + 1:04d}"
            rows.append((code, buyer, body, due, held_on, opened, closed))
    names = "meeting_id account_id body due_on held_on decisions_opened decisions_closed"
    return table(names, rows)
