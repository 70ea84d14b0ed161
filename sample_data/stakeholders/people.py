"""The named people at each account: who holds which role when."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..draw import Columns
from ..names import FIRST_NAMES, LAST_NAMES, plain
from .rows import table
from .truths import ROLES

if TYPE_CHECKING:
    from ..world import World

TITLES = {
    "manager": ("Shift Manager", "Site Manager", "Team Lead", "Operations Manager"),
    "program_owner": ("Learning Program Manager", "Talent Development Lead", "Training Manager"),
    "hr_leader": ("HR Director", "VP People", "Head of Talent", "HR Business Partner"),
    "executive_sponsor": ("Chief People Officer", "Chief Operating Officer", "CFO"),
    "other": ("IT Integration Lead", "Payroll Specialist"),
}
NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Contacts:
    """One entry for each person and role held, in every array."""

    contact_id: np.ndarray
    account: np.ndarray  # index
    role: np.ndarray
    since: np.ndarray  # first day
    until: np.ndarray  # last day, NaT: still there
    full_name: np.ndarray

    def at(self, day: np.datetime64, account: int, *roles: str) -> np.ndarray:
        """Return the places of those who hold one of the roles at an account on a day."""
        there = (self.account == account) & (self.since <= day) & ~(self.until < day)
        return np.array([n for n in np.flatnonzero(there) if self.role[n] in roles], dtype=int)


def draw_contacts(world: "World") -> Contacts:
    """Draw who holds each role at each account, from its first contract on."""
    rng, found = world.rng("contacts"), []
    for account in range(len(world.truths.accounts)):
        found += _of_account(world, account, rng)
    columns = zip(*found, strict=True)
    kinds = (object, int, object, "datetime64[D]", "datetime64[D]", object)
    return Contacts(*(np.array(c, dtype=k) for c, k in zip(columns, kinds, strict=True)))


def _of_account(world: "World", account: int, rng: np.random.Generator) -> list[tuple]:
    own, buyer = world.truths.stakeholders, world.truths.accounts[account]
    change, short = world.chain.change, buyer.account_id.removeprefix("acc-")
    served = np.flatnonzero(world.contracts.served[account])
    end = (world.months[served[-1]] + 1).astype("datetime64[D]") if len(served) else NEVER
    stints, number = [], 0
    for role, places in [*zip(ROLES, own.contacts, strict=True), ("other", 1)]:
        for place in range(places):
            has_new = role == "executive_sponsor" and place == 0
            has_new = has_new and change is not None and change[0] == account
            since = np.datetime64(buyer.customer_since, "D")
            while since < end or number == 0:
                stays = max(90, int(rng.exponential(365 / own.contact_turnover)))
                leaves = since + stays
                if has_new:
                    new = world.months[change[1]].astype("datetime64[D]")
                    leaves = new if since < new else end
                until = leaves - 1 if leaves < end else NEVER
                number += 1
                name = f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"
                stints.append((f"ct-{short}-{number:02d}", account, role, since, until, name))
                since = leaves if has_new else leaves + int(rng.integers(0, 45))
    return _with_a_promotion(stints, end, rng)


def _with_a_promotion(stints: list[tuple], end, rng: np.random.Generator) -> list[tuple]:
    """At one account in six, let a program owner become an HR leader: a second row for a person."""
    owners = [n for n, stint in enumerate(stints) if stint[2] == "program_owner"]
    if not owners:
        return stints
    place, draw, share = int(rng.choice(owners)), rng.random(), rng.uniform(0.3, 0.7)
    contact_id, account, role, since, until, name = stints[place]
    if draw > 1 / 6 or not np.isnat(until) or np.isnat(end):
        return stints
    moves = since + int((end - since).astype(int) * share)
    stints[place] = (contact_id, account, role, since, moves - 1, name)
    stints.insert(place + 1, (contact_id, account, "hr_leader", moves, NEVER, name))
    return stints


def contact(world: "World", contacts: Contacts) -> Columns:
    """Return the entity `contact`: a row for each person and role held."""
    accounts, rng = world.truths.accounts, world.rng("contact")
    return table(
        "contact_id account_id chain_role full_name email title valid_from valid_to",
        [
            (contact_id, accounts[account].account_id, role, name,
             f"{plain(name.replace(' ', '.'))}.{contact_id[-2:]}@{accounts[account].domain}",
             str(rng.choice(TITLES[role])), since, None if np.isnat(until) else until)
            for contact_id, account, role, since, until, name in zip(
                contacts.contact_id, contacts.account.tolist(), contacts.role, contacts.since,
                contacts.until, contacts.full_name, strict=True,
            )
        ],
    )  # fmt: skip
