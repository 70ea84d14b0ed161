"""What the provider has to spend: people, trips, upkeep of accounts, channels, the corporation."""

import numpy as np

from ..world import World
from .equation import UNIT, currencies, to_usd
from .invoices import contract_values
from .items import overload
from .truths import PRACTICAL_SHARE

YEAR = 12
HALF_YEAR = 6
SIZE = 100  # practical minutes are a multiple of it, so that the cost of a month is whole cents


def staff(world: World, used: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return practical and paid minutes and what is measured: staffed by half-year, or too few."""
    own, months = world.truths.money, world.months
    days = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(int)
    target = np.array([function.utilization for function in own.functions])[:, None]
    need = used.reshape(len(target), -1, HALF_YEAR).mean(axis=2).repeat(HALF_YEAR, axis=1)
    practical = np.rint(need / target * days / days.mean() / SIZE).astype(np.int64) * SIZE
    ratio = overload(world)
    few = (used / np.where(ratio > 0, ratio, 1)).astype(np.int64) // SIZE * SIZE
    practical = np.where(ratio > 0, few, practical)
    practical = np.maximum(practical, SIZE)
    since = [np.datetime64(f.measured_from or "2100-01", "M") for f in own.functions]
    is_measured = months >= np.array(since)[:, None]
    part, whole = PRACTICAL_SHARE
    measured = world.rng("measured").uniform(0.74, 0.84, practical.shape)
    paid = np.where(is_measured, np.rint(practical / measured), practical * whole // part)
    return practical, paid.astype(np.int64), is_measured


def account_rates(world: World, fx: np.ndarray) -> np.ndarray:
    """Return the exchange rate of each account's currency [account, month]."""
    names = currencies(world.truths.money)
    return fx[[names.index(account.currency) for account in world.truths.accounts]]


def account_direct(
    world: World, revenue: np.ndarray, fx: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return travel and delivery, in the account's currency, and in USD cents together."""
    own, rng = world.truths.money, world.rng("account_direct")
    rate = account_rates(world, fx)
    trips = rng.random(revenue.shape) < 0.4
    spread = rng.lognormal(0, 0.3, (2, *revenue.shape))
    usd = revenue * np.stack([own.travel * trips / 0.4, np.full(trips.shape, own.delivery)])
    local = np.rint(np.maximum(usd, 0) * spread * UNIT / rate).astype(np.int64)
    return local, to_usd(local, rate).sum(axis=0)


def account_sustaining(world: World, fx: np.ndarray) -> np.ndarray:
    """Return the cost of keeping each account [natural account, account, month]."""
    own, value = world.truths.money, contract_values(world)
    rate = account_rates(world, fx)
    monthly = to_usd(value, rate) / YEAR
    lines = [(fixed * 100 + share * monthly) * (value > 0) for _, fixed, share in own.sustaining]
    return np.rint(lines).astype(np.int64)


def overhead(world: World) -> np.ndarray:
    """Return the cost of channels and of the corporation [natural account, month]."""
    own, rng = world.truths.money, world.rng("pools")
    amounts = np.array([amount for _, amount in (*own.channel, *own.corporate)])[:, None] * 100
    rise = (1 + own.rate_rise) ** (np.arange(len(world.months)) / YEAR)
    spread = rng.normal(1, own.overhead_spread, (len(amounts), len(world.months)))
    return np.rint(amounts * rise * spread).astype(np.int64)
