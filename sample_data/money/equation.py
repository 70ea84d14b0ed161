"""Exact arithmetic of the books: time equations, cost per minute, exchange rates, rounding.

Everything is whole numbers: cents, minutes, and rates in ten-thousandths of a dollar. A cost per
minute is a multiple of 0.0004 USD and an exchange rate one of 0.0016, so that no amount ever falls
on half a cent, or nearer to it than 0.0002 USD (work) or 0.000008 USD (exchange): every arithmetic,
decimal or floating, rounds each line to the same cent.
"""

import numpy as np

from ..world import World
from .truths import MoneyTruths

UNIT = 10_000  # of rates: so many to the dollar
RATE_STEP, FX_STEP = 4, 16


def work_cost(minutes: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Return cents, from whole minutes and cost per minute."""
    return (minutes * rate + 50) // 100


def to_usd(minor_units: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Return cents, from minor units of a currency and its exchange rate."""
    return (minor_units * rate + UNIT // 2) // UNIT


def currencies(own: MoneyTruths) -> list[str]:
    """Return the currencies, in the order of `exchange_rates`."""
    return ["USD", *(code for code, _, _ in own.fx)]


def exchange_rates(world: World) -> np.ndarray:
    """Return the exchange rates [currency, month] to USD; that of USD is 1."""
    rng, own = world.rng("fx_rate"), world.truths.money
    rates = np.full((1 + len(own.fx), len(world.months)), UNIT)
    for row, (_, first, spread) in enumerate(own.fx, start=1):
        steps = rng.normal(0, spread, len(world.months))
        steps[0] = 0
        walk = first * np.exp(np.cumsum(steps) * 0.7)
        rates[row] = np.rint(walk * UNIT / FX_STEP).astype(np.int64) * FX_STEP
    return rates


def cost_per_minute(world: World) -> np.ndarray:
    """Return the cost of a practical minute [function, month]."""
    own, months = world.truths.money, np.arange(len(world.months))
    first = np.array([function.rate for function in own.functions])
    noise = world.rng("cost_per_minute").normal(1, own.rate_spread, (len(first), len(months)))
    rates = first[:, None] * (1 + own.rate_rise) ** (months / 12) * noise
    return np.rint(rates * UNIT / RATE_STEP).astype(np.int64) * RATE_STEP


def function_of(own: MoneyTruths) -> np.ndarray:
    """Return the index of each activity's function."""
    codes = [function.code for function in own.functions]
    return np.array([codes.index(activity.function) for activity in own.activities])


def by_function(own: MoneyTruths, values: np.ndarray) -> np.ndarray:
    """Return sums [function, month] of values [activity, month]."""
    total = np.zeros((len(own.functions), values.shape[-1]), dtype=np.int64)
    np.add.at(total, function_of(own), values)
    return total


def activity_index(own: MoneyTruths, code: str) -> int:
    """Return the index of the activity with a code."""
    return [activity.code for activity in own.activities].index(code)


def of_kind(own: MoneyTruths, kind: str) -> np.ndarray:
    """Return the indices of the activities of a kind."""
    return np.flatnonzero([activity.kind == kind for activity in own.activities])


def slots(own: MoneyTruths) -> int:
    """Return how many terms an activity has at most."""
    return max(len(activity.terms) for activity in own.activities)


def standard_minutes(
    own: MoneyTruths, activity: np.ndarray, day: np.ndarray, amounts: np.ndarray | None = None
) -> np.ndarray:
    """Return the minutes of one piece by the time equation valid on a day.

    Args:
        own: the `MoneyTruths`.
        activity: indices of activities.
        day: of closing, as dates.
        amounts: units of each term's attribute [piece, term]; none: the constant term only.
    """
    width = slots(own)
    equations = [
        [a.minutes, *(term[1] for term in a.terms), *[0] * (width - len(a.terms))]
        for a in own.activities
    ]
    minutes = np.array(equations, dtype=np.int64)[activity]
    for code, attribute, value, valid_from in sorted(own.revisions, key=lambda r: str(r[3])):
        index = activity_index(own, code)
        names = [None, *(term[0] for term in own.activities[index].terms)]
        is_later = (activity == index) & (day >= np.datetime64(str(valid_from), "D"))
        minutes[is_later, names.index(attribute or None)] = value
    return minutes[:, 0] + (0 if amounts is None else (minutes[:, 1:] * amounts).sum(axis=1))
