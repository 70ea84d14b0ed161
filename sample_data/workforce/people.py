"""The workers of a block before anything happens to them: identity, job, pay, time of hiring."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..draw import choose
from ..names import FIRST_NAMES, LAST_NAMES, plain
from .hazards import RECENT, Fixed
from .truths import DEPARTMENTS, WorkforceTruths

if TYPE_CHECKING:
    from ..accounts import Account
    from ..world import World

MOST = 20_000  # workers of a block
FAMILY_OF = np.repeat(np.arange(len(DEPARTMENTS)), [len(names) for names in DEPARTMENTS])
FIRST_OF = np.searchsorted(FAMILY_OF, np.arange(len(DEPARTMENTS)))  # first department of a family
SIZE_OF = np.bincount(FAMILY_OF)
LONGEST_TENURE = 42 * 12  # months
SECOND_ZONE = {
    "America/New_York": "America/Chicago",
    "America/Chicago": "America/Denver",
    "America/Denver": "America/Los_Angeles",
    "America/Los_Angeles": "America/Denver",
    "America/Toronto": "America/Vancouver",
    "Europe/London": "Europe/Dublin",
    "Europe/Berlin": "Europe/Warsaw",
}


@dataclass
class People:
    """One entry per worker: those employed on the first day, then those hired later, by month."""

    worker_id: np.ndarray
    employee_number: np.ndarray
    full_name: np.ndarray
    email: np.ndarray
    timezone: np.ndarray
    location_code: np.ndarray
    manager: np.ndarray  # index of another worker, -1: none
    employment_type: np.ndarray
    fixed: Fixed
    hire_date: np.ndarray
    level: np.ndarray  # on the first day, or when hired
    department: np.ndarray  # index over all departments
    pay: np.ndarray  # a year
    promoted_on: np.ndarray  # date of a promotion in the year before the first day, NaT: none
    raises: np.ndarray  # factor on pay [worker, fiscal year] at the yearly review


def draw_people(world: "World", account: int, block: int, size: int) -> People:
    """Draw the workers of a block of at most 20,000."""
    if size > MOST:
        raise ValueError(f"a block holds at most {MOST} workers, not {size}")
    truths, employer = world.truths.workforce, world.truths.accounts[account]
    rng = world.rng(f"people {employer.account_id}", block)
    months = len(world.months)
    at_start = round(size / (1 + truths.hires * months))
    is_new = np.arange(size) >= at_start
    hire_date = _hire_dates(world, truths, rng, size, at_start)
    level = np.where(
        is_new,
        choose(rng, range(1, 7), truths.hired_level_shares, size),
        choose(rng, range(1, 7), truths.level_shares, size),
    )
    family = choose(rng, range(len(DEPARTMENTS)), truths.family_shares, size)
    department = FIRST_OF[family] + (rng.random(size) * SIZE_OF[family]).astype(np.int64)
    is_contractor = rng.random(size) < truths.contractors
    is_part_time = (rng.random(size) < np.take(truths.part_time_shares, level - 1)) & ~is_contractor
    fixed = Fixed(
        rng.random(size) < np.take(truths.hourly_shares, level - 1),
        is_part_time,
        family,
        rng.standard_normal(size),
    )
    pay = np.take(truths.level_pay, level - 1) * np.exp(
        truths.pay_spread * rng.standard_normal(size)
    )
    raises = rng.normal(truths.review_raise, truths.review_raise / 3, (size, months // 12 + 1))
    raises = 1 + np.clip(raises, 0.002, None) * (rng.random(raises.shape) < truths.reviewed)
    location = (rng.random(size) * (truths.locations - 1)).astype(np.int64) + 1
    location[rng.random(size) < truths.second_zone] = truths.locations
    has_kind = np.where(is_part_time, "part_time", "full_time").astype(object)
    has_kind[is_contractor] = "contractor"
    return People(
        **_identity(employer, block, rng, size),
        timezone=np.where(
            location == truths.locations,
            SECOND_ZONE.get(employer.timezone, employer.timezone),
            employer.timezone,
        ).astype(object),
        location_code=np.array(
            [f"{_letters(employer)}-{n:02d}" for n in range(truths.locations + 1)], dtype=object
        )[location],
        manager=_managers(rng, level, at_start),
        employment_type=has_kind,
        fixed=fixed,
        hire_date=hire_date,
        level=level,
        department=department,
        pay=np.round(pay, -2),
        promoted_on=_promoted_before(world, truths, rng, hire_date, level),
        raises=raises,
    )


def _hire_dates(
    world: "World", truths: WorkforceTruths, rng: np.random.Generator, size: int, at_start: int
) -> np.ndarray:
    """Return when each worker was hired, the new ones evenly over the window."""
    days = rng.exponential(truths.mean_tenure * 30.4, at_start)
    before = 1 + np.minimum(days, LONGEST_TENURE * 30.4).astype(np.int64)
    months = len(world.months)
    month = np.arange(size - at_start) * months // max(size - at_start, 1)
    later = world.months[month].astype("datetime64[D]") + rng.integers(0, 28, len(month))
    return np.concatenate([np.datetime64(world.first_day, "D") - before, later])


def _promoted_before(
    world: "World",
    truths: WorkforceTruths,
    rng: np.random.Generator,
    hire_date: np.ndarray,
    level: np.ndarray,
) -> np.ndarray:
    """Return the day of a promotion in the year before the first day, for a share of workers."""
    month = world.months[0] - rng.integers(1, RECENT + 1, len(level))
    day = month.astype("datetime64[D]") + rng.integers(1, 28, len(level))
    is_promoted = rng.random(len(level)) < truths.promoted_before
    is_promoted &= (level > 1) & (hire_date < day - 180)
    return np.where(is_promoted, day, np.datetime64("NaT", "D"))


def _managers(rng: np.random.Generator, level: np.ndarray, at_start: int) -> np.ndarray:
    """Return a worker employed on the first day, two levels higher (or of the highest), for each.

    Two, so that the manager is still above after a promotion.
    """
    order = np.argsort(level[:at_start], kind="stable")
    first = np.searchsorted(level[order], np.where(level < 5, level + 2, level + 1), "left")
    place = first + (rng.random(len(level)) * (at_start - first)).astype(np.int64)
    return np.where(first < at_start, order[np.minimum(place, at_start - 1)], -1)


def _letters(employer: "Account") -> str:
    return employer.account_id.removeprefix("acc-")[:3].upper()


def _identity(employer: "Account", block: int, rng: np.random.Generator, size: int) -> dict:
    """Return identifiers, names and e-mails; numbers are unique within the account."""
    short = employer.account_id.removeprefix("acc-")
    number = block * MOST + np.arange(size)
    scattered = number * 7_919 % 26_000_000  # a permutation: 7,919 is prime to 26 million
    initial, places = ord(short[1].upper()) - 65, scattered // 1_000_000
    first, last = rng.integers(0, len(FIRST_NAMES), size), rng.integers(0, len(LAST_NAMES), size)
    plain_first = [plain(name) for name in FIRST_NAMES]
    plain_last = [plain(name) for name in LAST_NAMES]
    return {
        "worker_id": np.array([f"wk-{short}-{n:07d}" for n in number.tolist()], dtype=object),
        "employee_number": np.array(
            [f"{short[0].upper()}{chr(65 + (initial + p) % 26)}{n % 1_000_000:06d}"
             for n, p in zip(scattered.tolist(), places.tolist(), strict=True)], dtype=object,
        ),
        "full_name": np.array(FIRST_NAMES, dtype=object)[first] + " "
        + np.array(LAST_NAMES, dtype=object)[last],
        "email": np.array(
            [f"{plain_first[f]}.{plain_last[s]}{n}@{employer.domain}"
             for f, s, n in zip(first.tolist(), last.tolist(), number.tolist(), strict=True)],
            dtype=object,
        ),
    }  # fmt: skip
