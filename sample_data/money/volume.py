"""Volume work: quantities of alike pieces for each account, reported twice a month."""

from dataclasses import dataclass

import numpy as np

from ..draw import seconds
from ..world import World
from .equation import function_of, of_kind, standard_minutes

HALVES = 2


@dataclass(frozen=True)
class Volume:
    """One entry per account, activity and half month in every array."""

    account: np.ndarray  # index; -1: internal
    activity: np.ndarray  # index
    month: np.ndarray  # index
    opened_at: np.ndarray
    closed_at: np.ndarray
    quantity: np.ndarray
    minutes: np.ndarray  # of all pieces, by the time equation valid when closed


def account_volume(world: World, budget: np.ndarray, rates: np.ndarray) -> Volume:
    """Return the volume work that costs about `budget` (cents [account, month])."""
    own, rng = world.truths.money, world.rng("volume")
    kinds = of_kind(own, "volume")
    weight = np.array([own.activities[kind].weight for kind in kinds])
    parts = rng.lognormal(0, 0.18, (*budget.shape, len(kinds), HALVES)) * weight[:, None]
    parts /= weight.sum() * HALVES
    account, month, kind, half = np.nonzero((budget > 0)[:, :, None, None] & (parts > 0))
    minutes = np.array([own.activities[k].minutes for k in kinds])[kind]
    price = rates[function_of(own)[kinds[kind]], month] * minutes / 100
    wanted = budget[account, month] * parts[account, month, kind, half] / price
    return _volume(world, account, kinds[kind], month, half, wanted, rng)


def internal_volume(world: World, wanted: np.ndarray) -> Volume:
    """Return the work for no account that takes about `wanted` minutes [function, month]."""
    own, rng = world.truths.money, world.rng("internal_volume")
    kinds, functions = of_kind(own, "internal"), function_of(own)
    minutes = np.array([own.activities[kind].minutes for kind in kinds])
    kind, month, half = np.indices((len(kinds), len(world.months), HALVES)).reshape(3, -1)
    pieces = wanted[functions[kinds[kind]], month] / HALVES / minutes[kind]
    return _volume(world, kind * 0 - 1, kinds[kind], month, half, pieces, rng)


def _volume(world: World, account, activity, month, half, wanted, rng) -> Volume:
    """Round the pieces wanted to whole ones and date them; nothing wanted leaves no row."""
    own, quantity = world.truths.money, np.rint(wanted).astype(np.int64)
    found = quantity > 0
    account, activity, month, half, quantity = (
        column[found] for column in (account, activity, month, half, quantity)
    )
    size, first = len(account), world.months[month].astype("datetime64[D]")
    ends = (world.months[month] + 1).astype("datetime64[D]")
    closing = np.where(half == 0, first + 13, ends - 1) - rng.integers(0, 2, size)
    opening = np.where(half == 0, first, first + 14)
    closed_at = seconds(closing, rng.integers(17 * 3_600, 22 * 3_600, size))
    minutes = quantity * standard_minutes(own, activity, closing)
    opened_at = seconds(opening, rng.integers(8 * 3_600, 12 * 3_600, size))
    return Volume(account, activity, month, opened_at, closed_at, quantity, minutes)
