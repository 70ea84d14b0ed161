"""The participants: workers who register, a few others, and how they can be found as workers."""

from dataclasses import dataclass

import numpy as np

from ..draw import DAY, Columns, Numbers, delayed, seconds
from ..names import FIRST_NAMES, LAST_NAMES, plain
from ..world import END, MONTHS, World, month_index
from ..zones import to_utc

MONTH_ENDS = (MONTHS + 1).astype("datetime64[D]") - 1
NO_DAY = np.datetime64("NaT", "D")


@dataclass
class People:
    """One entry per participant of a block: first those who enroll, then those who never do."""

    account: int
    participant_id: np.ndarray
    worker: np.ndarray  # index into the block's workforce; -1: none
    booked: np.ndarray  # the day of the first booking; NaT: never enrolls
    since: np.ndarray  # the first day on which anything can have happened
    may_until: np.ndarray  # the last day for another booking; NaT: no end
    leaves: np.ndarray  # the day on which the employment ends; NaT: it does not
    zone: np.ndarray  # index into `zones`
    zones: list[str]

    def __len__(self) -> int:
        """Return the number of participants."""
        return len(self.worker)

    def utc(self, person: np.ndarray, local: np.ndarray) -> np.ndarray:
        """Return the instants at which the clocks of participants show local times."""
        return to_utc(local, self.zone[person], self.zones)


def draw_people(world: World, workforce, numbers: Numbers, rng: np.random.Generator) -> People:
    """Draw the participants of a block of workers; `numbers` has how many came before."""
    own, account = world.truths.platform, workforce.account
    enrolls = np.flatnonzero(~np.isnat(workforce.enroll_month))
    others = rng.binomial(len(enrolls), own.not_workers)
    served = world.months[world.contracts.served[account]]
    others = others if len(served) else 0
    since = np.maximum(workforce.eligible_from, MONTHS[0].astype("datetime64[D]"))
    until = np.fmin(workforce.eligible_to, workforce.termination_date - 1)
    until = np.fmin(until, MONTH_ENDS[-1])
    free = np.flatnonzero(np.isnat(workforce.enroll_month) & (until - since > np.timedelta64(60)))
    count = min(len(free), rng.binomial(len(enrolls), own.never_enrolled))
    registers = np.sort(rng.permutation(free)[:count])

    month = np.concatenate([workforce.enroll_month[enrolls], rng.choice(served, others)])
    worker = np.concatenate([enrolls, np.full(others, -1), registers])
    first = month.astype("datetime64[D]")
    last = (month + 1).astype("datetime64[D]") - 1
    is_worker = worker[: len(month)] >= 0
    low = np.where(is_worker, np.fmax(first, since[worker[: len(month)]]), first)
    high = np.where(is_worker, np.fmin(last, until[worker[: len(month)]]), last)
    booked = low + (rng.random(len(low)) * ((high - low).astype(int) + 1)).astype(int)
    start = np.concatenate([np.where(is_worker, since[worker[: len(month)]], first - 120),
                            since[registers]])  # fmt: skip
    start = np.maximum(start, MONTHS[0].astype("datetime64[D]"))
    home = world.truths.accounts[account].timezone
    zone_of = np.append(workforce.timezone, home)  # -1: no worker
    zone_of[-1], zones = home, sorted({*zone_of.tolist(), home})
    number = {name: index for index, name in enumerate(zones)}
    return People(
        account=account,
        participant_id=numbers.ids("participant", "pt-", len(worker), 6),
        worker=worker,
        booked=np.concatenate([booked, np.full(len(registers), NO_DAY)]),
        since=start,
        may_until=np.where(worker >= 0, np.append(until, NO_DAY)[worker], NO_DAY),
        leaves=np.where(worker >= 0, np.append(workforce.termination_date, NO_DAY)[worker], NO_DAY),
        zone=np.array([number[zone_of[w]] for w in worker.tolist()], dtype=int),
        zones=zones,
    )


def register_days(people: People, rng: np.random.Generator) -> np.ndarray:
    """Draw the day on which each of those who never enroll registers."""
    never = np.flatnonzero(np.isnat(people.booked))
    span = (people.may_until[never] - people.since[never]).astype(int)
    return (
        people.since[never] + 30 + (rng.random(len(never)) * np.maximum(span - 30, 1)).astype(int)
    )


def participant(
    world: World, people: People, workforce, registered_at: np.ndarray, rng: np.random.Generator
) -> Columns:
    """Return the entity `participant`: a row per person, and a correcting row where a name changed.

    Most bring the employer's number, some only its e-mail, a few neither: see PlatformTruths.
    """
    own, size, worker = world.truths.platform, len(people), people.worker
    account = world.truths.accounts[people.account]
    number, email, name = (
        np.append(column, None)[worker]
        for column in (workforce.employee_number, workforce.email, workforce.full_name)
    )
    luck, is_worker = rng.random(size), worker >= 0
    first = np.array(FIRST_NAMES, dtype=object)[rng.integers(0, len(FIRST_NAMES), size)]
    last = np.array(LAST_NAMES, dtype=object)[rng.integers(0, len(LAST_NAMES), size)]
    name = np.where(is_worker, name, first + " " + last)
    unlinked = is_worker & (luck < own.unlinked)
    private = np.array(
        [_address(n, p, "mail.example") for n, p in zip(name, people.participant_id, strict=True)],
        dtype=object,
    )
    email = np.where(is_worker & ~unlinked, email, private)
    by_email = is_worker & (luck >= own.unlinked) & (luck < own.unlinked + own.no_number)
    by_email &= email != None  # noqa: E711
    number = np.where(unlinked | by_email | ~is_worker, None, number)

    updated_at = np.minimum(delayed(rng, registered_at, 900, 0.01, 5), END - 60)
    change_at = updated_at + rng.integers(60 * DAY, 400 * DAY, size).astype("timedelta64[s]")
    changes = (rng.random(size) < own.corrected_participants) & (change_at < END)
    changed = np.flatnonzero(changes)
    row = np.concatenate([np.arange(size), changed])
    is_second = np.arange(len(row)) >= size
    renamed = np.array(
        [f"{n.split(' ')[0]} {s}" for n, s in zip(name[row], last[row], strict=True)], dtype=object
    )
    own_zone = np.array(people.zones, dtype=object)[people.zone]
    silent = (own_zone == account.timezone) & (rng.random(size) < 0.03)
    return {
        "participant_id": people.participant_id[row],
        "account_id": np.full(len(row), account.account_id, dtype=object),
        "employee_number": number[row],
        "email": email[row],
        "full_name": np.where(is_second, renamed, name[row]),
        "timezone": np.where(silent, None, own_zone)[row],
        "registered_at": registered_at[row],
        "updated_at": np.where(is_second, change_at[row], updated_at[row]),
    }  # fmt: skip


def _address(name: str, person: str, domain: str) -> str:
    """Return a private address, another one for each person."""
    return f"{plain(name.replace(' ', '.'))}.{person[3:]}@{domain}"


def local_time(days: np.ndarray, first_hour: int, last_hour: int, rng) -> np.ndarray:
    """Return local times on days, between two full hours."""
    return seconds(days, rng.integers(first_hour * 3_600, last_hour * 3_600, len(days)))


def is_served(world: World, account: int, days: np.ndarray) -> np.ndarray:
    """Return whether a contract serves the account in the month of each day."""
    served = np.append(world.contracts.served[account], False)
    return served[np.clip(month_index(days), -1, len(MONTHS))]
