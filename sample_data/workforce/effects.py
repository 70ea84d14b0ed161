"""The true effects of enrolling, computed exactly from the hazards that the workers live under.

The effect is on the treated, by intention to treat: for everyone who enrolls for the first time in
a month with 12 months of data after it, the probability of an outcome in those 12 months, having
enrolled, minus the probability had they not enrolled in that month, but lived on under their own
hazards, that of enrolling later included. Per protocol: had they never enrolled in those months.
Both begin with the person as of the end of the month of enrolling, and are averaged over people.

The hazards follow covariates that change in those 12 months, so the state is propagated, not
frozen. What changes by chance is only: promoted or not (never twice, since a promotion rules out
another for a year), moved or not (within a department group, which changes no hazard), enrolled or
not, still employed or not. Tenure, the fading of an earlier promotion and the pay reviews run as
they are drawn for that person. So eight states and twelve months give the probabilities without
simulation, and without looking at what was drawn to happen. The monthly scale of the enrolling
hazard (see `Life.enroll`) is taken as it was.
"""

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from .hazards import RECENT, monthly, review_columns
from .life import MOST_ENROLLING
from .naive import everyone
from .truths import FOLLOW_UP
from .workforce import Workforce

if TYPE_CHECKING:
    from ..world import World

OUTCOMES = (
    "retained_12m_voluntary", "retained_12m_total", "promoted_12m", "moved_12m",
    "internal_mobility_12m", "absence_hours_12m",
)  # fmt: skip


def expected(workforce: Workforce, has_enrolled: bool, may_enroll: bool) -> np.ndarray:
    """Return the expected outcomes [outcome, person] of those who enroll early enough to follow.

    `has_enrolled` sets whether they enroll in their month or not, `may_enroll` whether those who
    did not may do so later in the 12 months.
    """
    world, people, start = workforce.world, workforce.people, workforce.enrolling
    truths, account = world.truths.workforce, workforce.employer
    is_followed = start.month + FOLLOW_UP < len(world.months)
    who, month = start.worker[is_followed], start.month[is_followed]
    level, pay = start.level[is_followed], start.pay[is_followed].copy()
    tenure, promoted = start.tenure[is_followed], start.promoted[is_followed]
    fixed, raises = people.fixed.take(who), people.raises[who]
    reviews = review_columns(world, account)
    hours = np.dot(truths.absence_hours, truths.absence_hours_shares)
    hours /= sum(truths.absence_hours_shares)
    share = np.zeros((2, 2, 2, len(who)))  # of the person, by promoted, moved, enrolled
    share[0, 0, int(has_enrolled)] = 1
    left_voluntarily, left, rose, moved, either, absent = np.zeros((6, len(who)))
    for after in range(1, FOLLOW_UP + 1):
        column = reviews[month + after]
        pay *= np.where(column >= 0, raises[np.arange(len(who)), column], 1)
        following = np.zeros_like(share)
        for p in (0, 1):
            is_recent = (after + month - promoted <= RECENT) | (p == 1)
            # Nobody at the highest level is promoted, so that state has no share: any level does.
            now = np.minimum(level + p, len(truths.level_points))
            paid = pay * (1 + truths.promotion_raise) ** p
            for e in (0, 1):
                risk = monthly(
                    truths, account, fixed, now, paid, tenure + after, is_recent, bool(e)
                )
                leaving = risk.voluntary + risk.involuntary + risk.retirement
                scale = start.scale[month + after] * (may_enroll and not e)
                joins = np.minimum(scale * risk.enrolling, MOST_ENROLLING)
                for m in (0, 1):
                    left_voluntarily += share[p, m, e] * risk.voluntary
                    left += share[p, m, e] * leaving
                    stays = share[p, m, e] * (1 - leaving)
                    rises = stays * risk.promotion
                    moves = (stays - rises) * risk.lateral
                    absent += stays * risk.absence * hours
                    rose += rises
                    moved += moves * (m == 0)
                    either += (rises + moves) * (p == m == 0)
                    for state, part in (
                        ((1, m), rises), ((p, 1), moves), ((p, m), stays - rises - moves),
                    ):  # fmt: skip
                        following[(*state, 1)] += part * (joins if not e else 1)
                        following[(*state, 0)] += part * (1 - joins) * (not e)
        share = following
    return np.array([1 - left_voluntarily, 1 - left, rose, moved, either, absent])


class EffectTruth:
    """Adds up the true effects over the blocks of all accounts; becomes a part of `truth.json`."""

    def __init__(self, world: "World") -> None:
        """Begin with nobody."""
        accounts = len(world.truths.accounts)
        self.world = world
        self.enrolled, self.followed = np.zeros((2, accounts), dtype=np.int64)
        self.as_treated, self.as_not, self.as_never = np.zeros((3, accounts, len(OUTCOMES)))
        self.naive = np.zeros((accounts, 2, len(OUTCOMES)))
        self.counted = np.zeros((accounts, 2), dtype=np.int64)

    def add(self, workforce: Workforce) -> None:
        """Add a block."""
        account = workforce.account
        treated = expected(workforce, has_enrolled=True, may_enroll=False)
        self.enrolled[account] += len(workforce.enrolling.worker)
        self.followed[account] += treated.shape[1]
        self.as_treated[account] += treated.sum(axis=1)
        self.as_not[account] += expected(workforce, False, may_enroll=True).sum(axis=1)
        self.as_never[account] += expected(workforce, False, may_enroll=False).sum(axis=1)
        counted, outcomes = everyone(workforce)
        self.counted[account] += counted
        self.naive[account, :, : outcomes.shape[1]] += outcomes

    def as_dict(self) -> dict:
        """Return effects by account and of all accounts together, and the parameters of sorting."""
        truths, accounts = self.world.truths.workforce, self.world.truths.accounts
        named = {a.account_id: np.array([i]) for i, a in enumerate(accounts)}
        effects = {
            name: {
                "hazard_ratios": {
                    "voluntary_leaving": accounts[place[0]].retention_effect,
                    "promotion": accounts[place[0]].promotion_effect,
                    "lateral_move": accounts[place[0]].mobility_effect,
                },
                **self._effects(place),
            }
            for name, place in named.items()
        }
        return {
            "estimand": __doc__.split("\n\n")[1].replace("\n", " "),
            "follow_up_months": FOLLOW_UP,
            "effect_months": truths.effect_months,
            "accounts": effects,
            "all_accounts": self._effects(np.arange(len(accounts))),
            "parameters": asdict(truths),
        }

    def _effects(self, place: np.ndarray) -> dict:
        """Return the effects over some accounts; none where nobody can be followed."""
        enrolled, followed = int(self.enrolled[place].sum()), int(self.followed[place].sum())

        def mean(totals: np.ndarray) -> dict | None:
            values = totals[place].sum(axis=0) / max(followed, 1)
            return dict(zip(OUTCOMES, values.tolist(), strict=True)) if followed else None

        counted = self.counted[place].sum(axis=0)
        naive = None
        if counted.min() > 0:
            rates = self.naive[place].sum(axis=0) / counted[:, None]
            naive = dict(zip(OUTCOMES[:5], (rates[1] - rates[0]).tolist(), strict=False))
        return {
            "enrolled": enrolled,
            "followed": followed,
            "att": mean(self.as_treated - self.as_not),
            "att_per_protocol": mean(self.as_treated - self.as_never),
            "rate_enrolled": mean(self.as_treated),
            "rate_had_they_not": mean(self.as_not),
            "naive_difference_as_drawn": naive,
        }
