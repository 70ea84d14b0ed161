"""The probabilities of a month: one place for the simulation and for the exact effects."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .truths import WorkforceTruths

if TYPE_CHECKING:
    from ..accounts import Account
    from ..world import World

MOST = 0.3  # no probability of a month is above this, before an effect is applied
RECENT = 12  # months in which a promotion counts as recent


@dataclass(frozen=True)
class Fixed:
    """What does not change in a worker's life, an array entry per worker."""

    is_hourly: np.ndarray
    is_part_time: np.ndarray
    family: np.ndarray
    trait: np.ndarray

    def take(self, worker: np.ndarray) -> "Fixed":
        """Return the entries of some workers."""
        return Fixed(
            self.is_hourly[worker], self.is_part_time[worker], self.family[worker],
            self.trait[worker],
        )  # fmt: skip


class Monthly(NamedTuple):
    """Probabilities of a month; `enrolling` is relative, to be multiplied by the month's scale."""

    voluntary: np.ndarray
    involuntary: np.ndarray
    retirement: np.ndarray
    promotion: np.ndarray
    lateral: np.ndarray
    absence: np.ndarray
    enrolling: np.ndarray


def standing(
    truths: WorkforceTruths,
    fixed: Fixed,
    level: np.ndarray,
    pay: np.ndarray,
    tenure: np.ndarray,
    is_recent: np.ndarray,
) -> np.ndarray:
    """Return the standing of workers on the first day of a month, in points."""
    return (
        np.take(truths.level_points, level - 1)
        + truths.hourly_points * fixed.is_hourly
        + truths.part_time_points * fixed.is_part_time
        + np.take(truths.tenure_points, np.searchsorted(truths.tenure_edges, tenure, "right"))
        + np.take(truths.pay_points, np.searchsorted(truths.pay_edges, pay, "right"))
        + np.take(truths.family_points, fixed.family)
        + truths.promoted_points * is_recent
        + truths.hidden_sorting * fixed.trait
    )


def monthly(
    truths: WorkforceTruths,
    account: "Account",
    fixed: Fixed,
    level: np.ndarray,
    pay: np.ndarray,
    tenure: np.ndarray,
    is_recent: np.ndarray,
    has_effect: np.ndarray | bool,
) -> Monthly:
    """Return the probabilities of a month.

    `level` (1 to 6), `pay` (a year), `tenure` (completed months) and `is_recent` (promoted in the
    year before) are as on the first day of the month; `has_effect` says who is under the effect
    of having enrolled.
    """
    points = standing(truths, fixed, level, pay, tenure, is_recent)

    def probability(base: float, slope: float, effect: float = 1.0) -> np.ndarray:
        natural = np.minimum(base * np.exp(slope * points), MOST)
        return natural if effect == 1.0 else natural * np.where(has_effect, effect, 1.0)

    may_rise = (level < len(truths.level_points)) & ~is_recent
    tenure_band = np.searchsorted(truths.tenure_edges, tenure, "right")
    absence_effect = 1 - truths.absence_share * (1 - account.retention_effect)
    return Monthly(
        probability(truths.voluntary, truths.voluntary_slope, account.retention_effect),
        probability(truths.involuntary, truths.involuntary_slope),
        np.take(truths.retirement, tenure_band),
        probability(truths.promotion, truths.promotion_slope, account.promotion_effect) * may_rise,
        probability(truths.lateral, truths.lateral_slope, account.mobility_effect),
        probability(truths.absence, truths.absence_slope, absence_effect),
        np.exp(truths.enrolling_slope * points),
    )


def review_columns(world: "World", account: "Account") -> np.ndarray:
    """Return for each month which column of `People.raises` its first day applies; -1: none.

    Pay is reviewed in the first month of the account's fiscal year, but not on the first day of
    the data.
    """
    month = np.arange(len(world.months))
    is_review = (world.first_day.month - 1 + month) % 12 == account.fiscal_year_start_month - 1
    return np.where(is_review & (month > 0), (month - 1) // 12, -1)
