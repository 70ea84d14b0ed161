"""Where the workers of a block stand in a month: employment, job, pay, enrolling, and the log."""

from typing import TYPE_CHECKING

import numpy as np

from ..draw import Columns
from .hazards import RECENT, review_columns
from .people import People
from .workforce import HIRE, PROMOTION, REHIRE, START, Spells

if TYPE_CHECKING:
    from ..world import World

LONG_AGO, NEVER = -10_000, 10_000  # months


class State:
    """The workers of a block in a month, and the log of what happened to them."""

    def __init__(self, world: "World", account: int, people: People, rng: np.random.Generator):
        """Begin on the first day: some are employed, the others are yet to be hired."""
        self.world, self.people, self.rng = world, people, rng
        self.truths, self.employer = world.truths.workforce, world.truths.accounts[account]
        self.first = world.months.astype("datetime64[D]")
        self.served = world.contracts.served[account]
        size = len(people.level)
        self.level, self.department = people.level.copy(), people.department.copy()
        self.pay = people.pay.copy()
        self.hire_month = self._month(people.hire_date)
        self.promoted = np.where(
            np.isnat(people.promoted_on), LONG_AGO, self._month(people.promoted_on)
        )
        self.is_employed = self.hire_month < 0
        self.on_leave_until = np.full(size, LONG_AGO)
        self.rehire_month = np.full(size, NEVER)
        self.enroll_month = np.full(size, NEVER)
        self.spell = np.zeros(size, dtype=np.int64)
        self.enroll_spell = np.zeros(size, dtype=np.int64)
        self.spells = Spells.of(size)
        self.log: list[Columns] = []
        self.absences: list[Columns] = []
        self.enrolled: list[Columns] = []
        self.scale = np.zeros(len(self.first))
        self.review_column = review_columns(world, self.employer)

    def _month(self, days: np.ndarray) -> np.ndarray:
        return (days.astype("datetime64[M]") - self.world.months[0]).astype(np.int64)

    def _day(self, month: int, size: int) -> np.ndarray:
        """Return days 2 to 28 of a month."""
        return self.first[month] + self.rng.integers(1, 28, size)

    def record(self, kind: int, who: np.ndarray, day: np.ndarray, **was: np.ndarray) -> None:
        """Log an event of some workers; `was` has the level and department before, if changed."""
        self.log.append(
            {
                "worker": who,
                "day": np.broadcast_to(day, who.shape),
                "kind": np.full(len(who), kind, dtype=np.int8),
                "spell": self.spell[who],
                "from_level": was.get("level", self.level[who]),
                "to_level": self.level[who],
                "from_department": was.get("department", self.department[who]),
                "to_department": self.department[who],
                "pay": self.pay[who],
            }
        )

    def begin_spell(self, who: np.ndarray, hired: np.ndarray) -> None:
        """Employ some workers, and make them eligible once they have been there long enough."""
        spell, spells = self.spell[who], self.spells
        spells.hired[who, spell] = hired
        served = np.flatnonzero(self.served)
        if not len(served):
            return
        start = max(self.first[served[0]], np.datetime64(self.employer.customer_since, "D"))
        eligible_from = np.maximum(hired + self.truths.eligible_after, start)
        last = (self.world.months[served[-1]] + 1).astype("datetime64[D]") - 1
        may = (self.people.employment_type[who] != "contractor") & (eligible_from <= last)
        spells.eligible_from[who[may], spell[may]] = eligible_from[may]
        if served[-1] + 1 < len(self.served):
            spells.eligible_to[who[may], spell[may]] = last

    def begin(self) -> None:
        """Log the first version of those employed on the first day, and their year before it."""
        people, there = self.people, np.flatnonzero(self.is_employed)
        self.begin_spell(there, people.hire_date[there])
        new = there[self.hire_month[there] >= -RECENT]
        risen = there[self.promoted[there] > LONG_AGO]
        self.level[risen] -= 1
        self.record(HIRE, new, people.hire_date[new])
        self.level[risen] += 1
        self.record(PROMOTION, risen, people.promoted_on[risen], level=self.level[risen] - 1)
        self.record(START, there, self.first[0])

    def hired_late(self, who: np.ndarray) -> np.ndarray:
        """Return who was hired after the first of a month: that month is not complete."""
        hired = self.spells.hired[who, self.spell[who]]
        return hired > hired.astype("datetime64[M]").astype("datetime64[D]")

    def arrive(self, month: int) -> None:
        """Employ the new and the re-hired of a month; both are at risk from the next month."""
        new = np.flatnonzero(self.hire_month == month)
        self.begin_spell(new, self.people.hire_date[new])
        self.record(HIRE, new, self.people.hire_date[new])
        back = np.flatnonzero(self.rehire_month == month)
        day = self._day(month, len(back))
        self.spell[back], self.hire_month[back], self.promoted[back] = 1, month, LONG_AGO
        self.begin_spell(back, day)
        self.record(REHIRE, back, day)
        self.is_employed[new] = self.is_employed[back] = True
