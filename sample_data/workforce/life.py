"""What a month brings to the workers of a block.

The order within a month: pay review on its first day; then, from the covariates of the first day,
who leaves, is promoted, moves, goes on leave (on days 2 to 28) or is absent; then, among those who
are still there, who enrolls. Hired people are at risk from the month after. So enrolling in a month
asks for being employed until its end, and everything that counts as an outcome comes later.
"""

import numpy as np

from ..draw import choose
from .hazards import RECENT, Monthly, monthly
from .people import FAMILY_OF, FIRST_OF, SIZE_OF
from .state import NEVER, State
from .workforce import END, LATERAL, LEAVE_END, LEAVE_START, PAY_CHANGE, PROMOTION

MOST_ENROLLING = 0.5  # of a worker in a month
HOW = np.array(["voluntary", "involuntary", "retirement"], dtype=object)
ABSENCE_TYPES, ABSENCE_SHARES = ("sick", "family", "personal", "unpaid"), (6, 2, 1.5, 0.5)


class Life(State):
    """The months of a block's workers, one after the other."""

    def live(self, month: int) -> None:
        """Let a month pass."""
        if self.review_column[month] >= 0:
            self.review(month)
        there = np.flatnonzero(self.is_employed)
        tenure = month - self.hire_month[there] - self.hired_late(there)
        risk = monthly(
            self.truths, self.employer, self.people.fixed.take(there), self.level[there],
            self.pay[there], tenure, month - self.promoted[there] <= RECENT,
            (month > self.enroll_month[there])
            & (month <= self.enroll_month[there] + self.truths.effect_months),
        )  # fmt: skip
        stays = self.leave(month, there, risk)
        self.change(month, there[stays], risk.promotion[stays], risk.lateral[stays])
        self.be_absent(month, there[stays], risk.absence[stays])
        self.enroll(month, there[stays], risk.enrolling[stays], tenure[stays])
        self.arrive(month)

    def review(self, month: int) -> None:
        """Raise pay on the first day of the month."""
        raises = self.people.raises[:, self.review_column[month]]
        who = np.flatnonzero(self.is_employed & (raises > 1))
        self.pay[who] *= raises[who]
        self.record(PAY_CHANGE, who, self.first[month])

    def leave(self, month: int, there: np.ndarray, risk: Monthly) -> np.ndarray:
        """End the employment of some; return who stays, as a mask over `there`."""
        chances = np.cumsum([risk.voluntary, risk.involuntary, risk.retirement], axis=0)
        how = (self.rng.random(len(there)) >= chances).sum(axis=0)
        stays = how == len(HOW)
        who, how = there[~stays], how[~stays]
        day, spell = self._day(month, len(who)), self.spell[who]
        self.is_employed[who] = False
        self.spells.ended[who, spell], self.spells.how[who, spell] = day, HOW[how]
        until = self.spells.eligible_to[who, spell]
        until = np.where(self.spells.eligible_from[who, spell] <= day, np.fmin(until, day), until)
        self.spells.eligible_to[who, spell] = until
        never = self.spells.eligible_from[who, spell] > day
        self.spells.eligible_from[who[never], spell[never]] = np.datetime64("NaT")
        self.spells.eligible_to[who[never], spell[never]] = np.datetime64("NaT")
        self.record(END, who, day)
        back = (how == 0) & (spell == 0) & (self.rng.random(len(who)) < self.truths.rehired)
        after = self.rng.integers(*self.truths.rehired_after, len(who), endpoint=True)
        self.rehire_month[who[back]] = month + after[back]
        return stays

    def change(self, month: int, there: np.ndarray, promotion, lateral) -> None:
        """Promote some, move others to a department of the same group, send some on leave."""
        rises = self.rng.random(len(there)) < promotion
        moves = (self.rng.random(len(there)) < lateral) & ~rises
        who = there[rises]
        self.level[who] += 1
        self.pay[who] *= 1 + self.truths.promotion_raise
        self.promoted[who] = month
        self.record(PROMOTION, who, self._day(month, len(who)), level=self.level[who] - 1)
        who = there[moves]
        was = self.department[who].copy()
        family = FAMILY_OF[was]
        step = 1 + (self.rng.random(len(who)) * (SIZE_OF[family] - 1)).astype(np.int64)
        self.department[who] = FIRST_OF[family] + (was - FIRST_OF[family] + step) % SIZE_OF[family]
        self.record(LATERAL, who, self._day(month, len(who)), department=was)
        returns = there[self.on_leave_until[there] == month]
        self.record(LEAVE_END, returns, self._day(month, len(returns)))
        goes = self.rng.random(len(there)) < self.truths.leave
        who = there[goes & (self.on_leave_until[there] < month)]
        self.on_leave_until[who] = month + self.rng.integers(
            1, self.truths.leave_months, len(who), endpoint=True
        )
        self.record(LEAVE_START, who, self._day(month, len(who)))

    def be_absent(self, month: int, there: np.ndarray, chance: np.ndarray) -> None:
        """Draw a working day of absence for some."""
        who = there[self.rng.random(len(there)) < chance]
        kind = choose(self.rng, ABSENCE_TYPES, ABSENCE_SHARES, len(who)).astype(object)
        kind[self.on_leave_until[who] >= month] = "leave"
        truths = self.truths
        self.absences.append(
            {
                "worker": who,
                "absence_date": np.busday_offset(
                    self.first[month], self.rng.integers(0, 20, len(who)), roll="forward"
                ),
                "hours": choose(
                    self.rng, truths.absence_hours, truths.absence_hours_shares, len(who)
                ),
                "absence_type": kind,
            }
        )

    def enroll(self, month: int, there: np.ndarray, relative: np.ndarray, tenure) -> None:
        """Enroll some of the eligible who have not yet; scaled to the account's utilization."""
        since = self.spells.eligible_from[there, self.spell[there]]
        is_eligible = since <= self.first[month]
        is_free = is_eligible & (self.enroll_month[there] == NEVER)
        wanted = self.employer.utilization / 12 * is_eligible.sum() * self.served[month]
        self.scale[month] = wanted / max(relative[is_free].sum(), 1e-9)
        chance = np.minimum(self.scale[month] * relative, MOST_ENROLLING) * is_free
        enrolls = self.rng.random(len(there)) < chance
        who = there[enrolls]
        self.enroll_month[who] = month
        self.enroll_spell[who] = self.spell[who]
        self.enrolled.append(
            {
                "worker": who,
                "month": np.full(len(who), month),
                "spell": self.spell[who],
                "level": self.level[who],
                "pay": self.pay[who],
                "tenure": tenure[enrolls],
                "promoted": self.promoted[who],
            }
        )
