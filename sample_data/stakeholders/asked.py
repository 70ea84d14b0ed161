"""Who is asked in which survey: participants who learn, their managers, contacts, staff."""

from typing import TYPE_CHECKING

import numpy as np

from ..draw import Columns
from .surveys import Invited, answers

if TYPE_CHECKING:
    from ..platform.block import Block
    from ..world import World
    from .people import Contacts

DAY_OF_MONTH = 4  # days after the first: the monthly surveys go out on the 5th


def survey_response(world: "World", block: "Block") -> Columns:
    """Return the answers of a block's participants and their managers.

    Participants are asked each month in which they learn, and once a week after the start.
    """
    rng = world.rng("survey_response", block.number)
    short = world.truths.accounts[block.account].account_id.removeprefix("acc-")
    ids = np.asarray(block.participant_id, dtype=object)
    person, month = _running(world, block)
    manager, of_month = _managers(world, block, person, month)
    keys = np.asarray(block.workforce.worker_id, dtype=object)[manager]
    starter, day = _starters(world, block)
    of_start = (day.astype("datetime64[M]") - world.months[0]).astype(int)

    def here(survey: str, role: str, month: np.ndarray, day: np.ndarray, *who) -> Invited:
        return Invited(survey, role, np.full(len(month), block.account), month, day, *who)

    parts = (
        here("participant_pulse", "participant", month, _days(world)[month], ids[person],
             ids[person]),
        here("first_week", "participant", of_start, day, ids[starter], ids[starter]),
        here("manager_pulse", "manager", of_month, _days(world)[of_month], keys),
    )  # fmt: skip
    prefix = f"sv-{short}-{block.number}"
    return _joined([answers(world, rng, part, f"{prefix}-{part.survey[0]}") for part in parts])


def contact_responses(world: "World", contacts: "Contacts") -> Columns:
    """Return the monthly answers of program owners, HR leaders, sponsors; the staff's quarterly."""
    rng, own, days, parts = (
        world.rng("contact_responses"),
        world.truths.stakeholders,
        _days(world),
        [],
    )
    for role in ("program_owner", "hr_leader", "executive_sponsor"):
        there = (contacts.since[:, None] <= days) & ~(contacts.until[:, None] < days)
        there &= world.contracts.served[contacts.account] & (contacts.role == role)[:, None]
        stint, month = np.nonzero(there)
        account, keys = contacts.account[stint], contacts.contact_id[stint]
        parts.append(Invited(f"{role}_pulse", role, account, month, days[month], keys))
    asked = np.argwhere(world.contracts.served & (np.arange(len(days)) % 3 == 1))
    account, month = np.repeat(asked, own.staff_per_account, axis=0).T
    place = np.arange(len(account)) % own.staff_per_account
    keys = np.array([f"staff-{a:02d}-{n}" for a, n in zip(account, place, strict=True)], object)
    parts.append(Invited("staff_pulse", "staff", account, month, days[month], keys))
    return _joined([answers(world, rng, part, f"sv-{part.survey}") for part in parts])


def _days(world: "World") -> np.ndarray:
    """Return the day of each month on which the monthly surveys go out."""
    return world.months.astype("datetime64[D]") + DAY_OF_MONTH


def _spans(block: "Block") -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the last day of each enrollment; of one that never runs, none."""
    start = np.asarray(block.start).astype("datetime64[D]")
    days = np.where(block.journeys.is_parked, -1, block.journeys.end_day)
    return start, start + days.astype("timedelta64[D]")


def _running(world: "World", block: "Block") -> tuple[np.ndarray, np.ndarray]:
    """Return participants and months (indexes) in which one learns on the day of the survey."""
    (start, end), days = _spans(block), _days(world)
    begins, ends = np.searchsorted(days, start), np.searchsorted(days, end, side="right")
    count = np.maximum(ends - begins, 0)
    row = np.repeat(np.arange(len(start)), count)
    month = begins[row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    served = world.contracts.served[block.account][month]
    pairs = np.stack([np.asarray(block.journeys.participant)[row], month])[:, served]
    person, month = np.unique(pairs, axis=1)
    return person, month


def _managers(
    world: "World", block: "Block", person: np.ndarray, month: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the managers (as workers) of those who learn, once a month, while employed."""
    workers, worker = block.workforce, np.asarray(block.participant_worker)[person]
    manager = np.where(worker >= 0, np.asarray(workers.manager)[worker], -1)
    asked = np.unique(np.stack([manager, month])[:, manager >= 0], axis=1)
    day = _days(world)[asked[1]]
    hired, ended = workers.hire_date[asked[0]], workers.termination_date[asked[0]]
    manager, month = asked[:, (hired <= day) & ~(ended < day)]
    return manager, month


def _starters(world: "World", block: "Block") -> tuple[np.ndarray, np.ndarray]:
    """Return the participant of each enrollment that has run for a week, and the day."""
    start, end = _spans(block)
    day = start + 7
    month = (day.astype("datetime64[M]") - world.months[0]).astype(int)
    asked = (end > day) & (month >= 0) & (month < len(world.months))
    asked &= world.contracts.served[block.account][np.where(asked, month, 0)]
    return np.asarray(block.journeys.participant)[asked], day[asked]


def _joined(parts: list[Columns]) -> Columns:
    """Return tables with the same columns as one."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
