"""Single pieces of work: asked for or planned, waiting, done, sometimes done again."""

from dataclasses import dataclass, fields

import numpy as np

from ..draw import choose, seconds
from ..world import END, World, month_index
from .equation import function_of, of_kind, slots, standard_minutes
from .invoices import contract_values
from .tickets import after
from .truths import MoneyTruths

KNOWN_AFTER = np.timedelta64(900, "s")  # from an instant to its landing
WAITS, WORKS = 0.16, 0.30  # typical, relative to the time in which an item is due
INTERNAL_PER_MONTH = 2.5  # single items of each internal activity


@dataclass
class Items:
    """One entry per single work item in every array; times after the last day are missing."""

    account: np.ndarray  # index; -1: internal
    activity: np.ndarray  # index
    amounts: np.ndarray  # [item, term] units of the attributes
    opened_at: np.ndarray
    first_response_at: np.ndarray
    started_at: np.ndarray
    due_at: np.ndarray
    closed_at: np.ndarray
    minutes: np.ndarray  # by the time equation valid when closed; 0 while open
    rework_of: np.ndarray  # index; -1: none

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.account)

    def join(self, other: "Items") -> "Items":
        """Return these items and the others."""
        names = [field.name for field in fields(self)]
        return Items(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in names))


def draw_items(world: World, margin: np.ndarray) -> Items:
    """Draw all single items: of accounts by their value, more where the margin is low."""
    own, rng = world.truths.money, world.rng("work_item")
    value = contract_values(world) / 100
    size = (value / value[value > 0].mean()) ** 0.9
    mean = own.items_per_month * size * ((1 - margin) / (1 - margin).mean())[:, None]
    account, month = np.nonzero(value)
    count = rng.poisson(mean[account, month])
    account, month = np.repeat(account, count), np.repeat(month, count)
    kinds, inside = of_kind(own, "item"), of_kind(own, "internal")
    weights = [own.activities[kind].weight for kind in kinds]
    activity = choose(rng, kinds, weights, len(account))
    times = rng.poisson(INTERNAL_PER_MONTH, (len(inside), len(world.months)))
    inner, inner_month = (
        np.repeat(index, times.ravel()) for index in np.indices(times.shape).reshape(2, -1)
    )
    account = np.concatenate([account, np.full(len(inner), -1)])
    activity = np.concatenate([activity, inside[inner]])
    month = world.months[np.concatenate([month, inner_month])].astype("datetime64[D]")
    days = month + rng.integers(0, 28, len(month))
    days = np.busday_offset(days, 0, "forward")
    opened_at = seconds(days, rng.integers(13 * 3_600, 22 * 3_600, len(days)))
    first = _work(world, account, activity, opened_at, _amounts(own, activity, rng), rng)

    again = np.flatnonzero(~np.isnat(first.closed_at) & (rng.random(len(first)) < own.rework))
    reopened_at = after(first.closed_at[again], rng.uniform(18, 280, len(again)))
    second = _work(
        world, first.account[again], first.activity[again], reopened_at, first.amounts[again], rng,
        again,
    )  # fmt: skip
    return first.join(second)


def _amounts(own: MoneyTruths, activity: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw the units of each attribute: at least 1 where the activity has the term."""
    width = slots(own)
    mean = np.array(
        [[*(t[2] for t in a.terms), *[0.0] * (width - len(a.terms))] for a in own.activities]
    )[activity]
    return (mean > 0) * (1 + rng.poisson(np.maximum(mean - 1, 0)))


def _work(world: World, account, activity, opened_at, amounts, rng, rework_of=None) -> Items:
    """Let time pass over items; those opened after the last day do not exist yet."""
    own = world.truths.money
    rework_of = np.full(len(account), -1) if rework_of is None else rework_of
    exists = opened_at + KNOWN_AFTER < END
    account, activity, opened_at, amounts, rework_of = (
        column[exists] for column in (account, activity, opened_at, amounts, rework_of)
    )
    due = np.array([a.due_days for a in own.activities])[activity] * 24.0
    is_late = overload(world)[function_of(own)[activity], month_index(opened_at)] > 0
    slow = np.where(is_late, own.overload_delay, 1.0) * own.lateness
    wait = due * WAITS * rng.lognormal(0, 0.8, len(due)) * slow
    work = due * WORKS * rng.lognormal(0, 0.55, len(due)) * slow
    started_at, closed_at = after(opened_at, wait), after(opened_at, wait + work)
    response_at = after(opened_at, wait * rng.uniform(0.05, 0.95, len(due)))
    for times in (response_at, started_at, closed_at):
        times[times + KNOWN_AFTER >= END] = np.datetime64("NaT")
    minutes = standard_minutes(own, activity, closed_at.astype("datetime64[D]"), amounts)
    return Items(
        account, activity, amounts, opened_at, response_at, started_at,
        after(opened_at, due), closed_at, np.where(np.isnat(closed_at), 0, minutes), rework_of,
    )  # fmt: skip


def overload(world: World) -> np.ndarray:
    """Return the used minutes planned per practical one [function, month]; 0: enough people."""
    own, ratios = (
        world.truths.money,
        np.zeros((len(world.truths.money.functions), len(world.months))),
    )
    codes = [function.code for function in own.functions]
    for code, first, last, ratio in own.overloaded:
        since, until = np.datetime64(first, "M"), np.datetime64(last, "M")
        ratios[codes.index(code), (world.months >= since) & (world.months <= until)] = ratio
    return ratios
