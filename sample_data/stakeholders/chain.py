"""Confidence as it flows down the stakeholder chain, month by month: latent, never landed."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ..draw import generator
from ..world import MONTHS
from .truths import ROLES, StakeholderTruths

if TYPE_CHECKING:
    from ..truths import Truths


@dataclass(frozen=True)
class Chain:
    """True confidence, 0 to 100, of each role: arrays [account, month]."""

    confidence: dict[str, np.ndarray]
    before: dict[str, np.ndarray]  # the months before the first one, the oldest first
    change: tuple[int, int] | None  # account and month of the new sponsor

    def at(self, role: str, account: int, month: int) -> float:
        """Return a role's confidence in a month; months before the first are negative."""
        series = self.confidence if month >= 0 else self.before
        return float(series[role][account, month])


def intercepts(truths: StakeholderTruths) -> np.ndarray:
    """Return each role's intercept: the one with which its long-run mean is its level."""
    level, kept = np.array(truths.level), np.array(truths.gamma)
    return (1 - kept) * level - np.array(truths.beta) * np.roll(level, 1)


def draw_chain(truths: "Truths", seed: int) -> Chain:
    """Draw every account's confidence, role by role from the participants on."""
    own, rng = truths.stakeholders, generator(seed, "chain")
    quality = np.array([a.outcome_quality for a in truths.accounts])
    shape = (len(ROLES), len(quality), own.burn_in + len(MONTHS))
    noise = rng.normal(size=shape) * np.array(own.noise_sd)[:, None, None]
    effect = rng.normal(size=shape[:2]) * own.account_sd
    effect[0] = (1 - own.gamma[0]) * own.outcome_effect * quality
    level = effect + intercepts(own)[:, None]
    change = _sponsor_change(truths)
    latent = np.empty(shape)
    for role, (beta, lag, kept) in enumerate(zip(own.beta, own.lag, own.gamma, strict=True)):
        last = np.full(len(quality), own.level[role], dtype=float)
        for month in range(shape[2]):
            value = level[role] + kept * last + noise[role, :, month]
            value += beta * latent[role - 1, :, max(month - lag, 0)] if role else 0
            _set_change(own, change, role, month - own.burn_in, value)
            last = latent[role, :, month] = np.clip(value, 0, 100)
    window = {name: latent[k, :, own.burn_in :] for k, name in enumerate(ROLES)}
    before = {name: latent[k, :, : own.burn_in] for k, name in enumerate(ROLES)}
    return Chain(window, before, change)


def _sponsor_change(truths: "Truths") -> tuple[int, int] | None:
    """Return account and month of the new sponsor; none where one of them is not in the data."""
    own = truths.stakeholders
    ids = [a.account_id for a in truths.accounts]
    months = [str(month) for month in MONTHS]
    if own.sponsor_change_account not in ids or own.sponsor_change_month not in months:
        return None
    return ids.index(own.sponsor_change_account), months.index(own.sponsor_change_month)


def _set_change(
    own: StakeholderTruths, change: tuple[int, int] | None, role: int, month: int, value: np.ndarray
) -> None:
    """In the new sponsor's first months, hold the sponsor low and the HR leader high."""
    if change is None or not 0 <= month - change[1] < own.sponsor_months:
        return
    account = change[0]
    if ROLES[role] == "executive_sponsor":
        value[account] = own.sponsor_start
    elif ROLES[role] == "hr_leader":
        value[account] = max(value[account], own.hr_leader_floor)


def breaks(own: StakeholderTruths, chain: Chain) -> np.ndarray:
    """Return where the story breaks: booleans [link, account, month], by the true confidence.

    True in every month of a run of at least `break_months` months in which the role before is
    high and the role itself is low.
    """
    series = [chain.confidence[role] for role in ROLES]
    found = np.zeros((len(ROLES) - 1, *series[0].shape), dtype=bool)
    for link, (high, low) in enumerate(pairwise(series)):
        apart = (high >= own.break_high) & (low <= own.break_low)
        for first in range(apart.shape[1] - own.break_months + 1):
            run = slice(first, first + own.break_months)
            found[link, :, run] |= apart[:, run].all(axis=1)[:, None]
    return found
