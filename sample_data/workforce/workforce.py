"""What a block of workers is, once drawn."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..draw import Columns
from .people import People

if TYPE_CHECKING:
    from ..world import World

KINDS = (
    "start", "hire", "rehire", "promotion", "lateral", "pay_change", "leave_start", "leave_end",
    "termination",
)  # fmt: skip
START, HIRE, REHIRE, PROMOTION, LATERAL, PAY_CHANGE, LEAVE_START, LEAVE_END, END = range(9)
NO_DAY, NO_MONTH = np.datetime64("NaT", "D"), np.datetime64("NaT", "M")


@dataclass
class Spells:
    """The employment of each worker, [worker, spell]; the second spell is after a re-hire."""

    hired: np.ndarray  # dates, NaT: no such spell
    ended: np.ndarray  # last day, NaT: still employed
    how: np.ndarray  # termination type, None: still employed
    eligible_from: np.ndarray  # NaT: never eligible
    eligible_to: np.ndarray  # last day, NaT: still eligible

    @classmethod
    def of(cls, size: int) -> "Spells":
        """Return no spells yet."""
        days = [np.full((size, 2), NO_DAY) for _ in range(4)]
        return cls(days[0], days[1], np.full((size, 2), None, dtype=object), days[2], days[3])


@dataclass
class Enrolling:
    """Who enrolls first when, and as whom: the state after the events of that month.

    Entries in order of the month. `scale` turns the relative hazard of enrolling into that of the
    calendar month; 0 while the account is not served.
    """

    worker: np.ndarray
    month: np.ndarray  # index
    spell: np.ndarray
    level: np.ndarray
    pay: np.ndarray
    tenure: np.ndarray  # completed months on the first of that month
    promoted: np.ndarray  # month index of the last promotion
    scale: np.ndarray  # [month]


@dataclass
class Workforce:
    """The workers of a block and what happened to them; one entry per worker unless said.

    `hire_date`, `termination_date`, `termination_type`, `eligible_from` and `eligible_to` are of
    the spell in which the worker enrolled, else of the first; `spells` has both. `enroll_month`:
    the first time, NaT: never. Who enrolls in a month is employed until its end at least, and
    eligible since its first day.
    """

    world: "World"
    account: int
    block: int
    people: People
    spells: Spells
    enrolling: Enrolling
    log: Columns  # worker, day, kind and what it changed: one entry per event, in order of time
    absences: Columns  # worker, absence_date, hours, absence_type
    enroll_month: np.ndarray
    spell: np.ndarray  # index of the spell that the dates below are of

    def __len__(self) -> int:
        """Return the number of workers."""
        return len(self.spell)

    def _of_spell(self, values: np.ndarray) -> np.ndarray:
        return values[np.arange(len(self)), self.spell]

    def __post_init__(self) -> None:
        """Spread out what the other parts of the tenant read."""
        people, spells = self.people, self.spells
        self.employer = self.world.truths.accounts[self.account]
        self.worker_id, self.employee_number = people.worker_id, people.employee_number
        self.email, self.full_name = people.email, people.full_name
        self.timezone, self.manager = people.timezone, people.manager
        self.employment_type, self.job_level = people.employment_type, people.level
        self.department = people.department
        self.pay_type = np.where(people.fixed.is_hourly, "hourly", "salaried").astype(object)
        self.hire_date = self._of_spell(spells.hired)
        self.termination_date = self._of_spell(spells.ended)
        self.termination_type = self._of_spell(spells.how)
        self.eligible_from = self._of_spell(spells.eligible_from)
        self.eligible_to = self._of_spell(spells.eligible_to)

    def tables(self) -> dict[str, Columns]:
        """Return the rows to land: worker, job_event, absence, eligibility; all are true."""
        from .tables import tables

        return tables(self)
