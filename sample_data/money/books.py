"""The provider's books: every amount of every account, function and month, exactly."""

from dataclasses import dataclass

import numpy as np

from ..world import Tally, World
from .equation import (
    by_function,
    cost_per_minute,
    exchange_rates,
    function_of,
    work_cost,
)
from .invoices import Bills, contract_values, draw_bills
from .items import Items, draw_items
from .spending import YEAR, account_direct, account_sustaining, overhead, staff
from .tally import MoneyTally
from .truths import MoneyTruths
from .volume import Volume, account_volume, internal_volume

DEAL = 10  # accounts of like value among which the margins are dealt


@dataclass(frozen=True)
class Books:
    """Whole cents of USD and whole minutes, by account, activity, function and month.

    Attributes:
        minutes, work: [account, activity, month] minutes and cost of the work; the last account
            is none: internal work.
        local_direct: [cost, account, month] minor units of the account's currency: travel,
            delivery.
        sustaining: [natural account, account, month] cost.
        practical, paid: [function, month] minutes; `is_measured` where the practical ones land.
        pools: [channel and corporate accounts, month] cost.
    """

    fx: np.ndarray
    rates: np.ndarray
    bills: Bills
    items: Items
    volume: tuple[Volume, Volume]
    minutes: np.ndarray
    work: np.ndarray
    local_direct: np.ndarray
    revenue: np.ndarray
    pass_through: np.ndarray
    direct: np.ndarray
    sustaining: np.ndarray
    practical: np.ndarray
    paid: np.ndarray
    is_measured: np.ndarray
    pools: np.ndarray

    @property
    def capacity_cost(self) -> np.ndarray:
        """Return the activity-level ledger cost [function, month]."""
        return self.practical * self.rates // 100

    @property
    def cost_to_serve(self) -> np.ndarray:
        """Return the cost of the work for each account [account, month]."""
        return self.work[:-1].sum(axis=1)

    @property
    def net_profit(self) -> np.ndarray:
        """Return the profit [account, month]."""
        spent = self.direct + self.cost_to_serve + self.sustaining.sum(axis=0)
        return self.revenue - spent


def keep_books(world: World, tally: Tally, money_tally: MoneyTally) -> Books:
    """Bill, draw the work that makes each account as profitable as planned, staff, and add up."""
    own, shape = world.truths.money, money_tally.direct.shape
    fx, rates = exchange_rates(world), cost_per_minute(world)
    bills = draw_bills(world, tally, money_tally, fx)
    revenue = bills.by_month(shape, is_passed_through=False)
    local_direct, direct = account_direct(world, revenue, fx)
    direct = direct + money_tally.direct
    sustaining = account_sustaining(world, fx)

    margin = draw_margins(world)
    items = draw_items(world, margin)
    inside = np.zeros_like(money_tally.minutes[:1])
    minutes = np.concatenate([money_tally.minutes, inside])
    closed = np.flatnonzero(~np.isnat(items.closed_at))
    month = (items.closed_at[closed].astype("datetime64[M]") - world.months[0]).astype(int)
    place = items.account[closed], items.activity[closed], month
    np.add.at(minutes, place, items.minutes[closed])
    price = rates[function_of(own)]
    spent = work_cost(minutes, price)[:-1].sum(axis=1) + direct + sustaining.sum(axis=0)
    budget = _budget(world, revenue, spent, margin)
    first = account_volume(world, budget, rates)
    np.add.at(minutes, (first.account, first.activity, first.month), first.minutes)
    second = internal_volume(world, _internal_wanted(own, minutes))
    np.add.at(minutes, (second.account, second.activity, second.month), second.minutes)

    used = by_function(own, minutes.sum(axis=0))
    return Books(
        fx, rates, bills, items, (first, second), minutes, work_cost(minutes, price), local_direct,
        revenue, bills.by_month(shape, is_passed_through=True), direct, sustaining,
        *staff(world, used), overhead(world),
    )  # fmt: skip


def draw_margins(world: World) -> np.ndarray:
    """Return the margin planned for each account: as named, else from the three groups.

    The groups are dealt within every ten accounts of like value, so that each has its share of
    large and small ones.
    """
    own, rng, accounts = world.truths.money, world.rng("margin"), world.truths.accounts
    named = dict(own.margins)
    margin = np.array([named.get(account.account_id, 0.0) for account in accounts])
    value = np.array([account.annual_value for account in accounts])
    others = np.array(
        [i for i in np.argsort(-value, kind="stable") if accounts[i].account_id not in named]
    )
    ends = np.cumsum(own.margin_shares) / sum(own.margin_shares)
    for first in range(0, len(others), DEAL):
        dealt = others[first : first + DEAL]
        group = np.searchsorted(ends, (np.arange(len(dealt)) + 0.5) / len(dealt))
        least, most = np.array(own.margin_ranges)[rng.permutation(group)].T
        margin[dealt] = rng.uniform(least, most)
    return margin


def _budget(world: World, revenue, spent, margin) -> np.ndarray:
    """Return cents to spend on volume work, so that a year ends near the account's margin."""
    own, rng = world.truths.money, world.rng("budget")
    served = contract_values(world) > 0
    weight = served * rng.lognormal(0, 0.12, served.shape)
    budget = np.zeros(served.shape)
    for first in range(0, served.shape[1], YEAR):
        year = slice(first, first + YEAR)
        earned = revenue[:, year].sum(axis=1)
        left = earned * (1 - margin) - spent[:, year].sum(axis=1)
        effort = np.maximum(left, own.least_effort * earned)
        part = weight[:, year] / np.maximum(weight[:, year].sum(axis=1), 1e-9)[:, None]
        budget[:, year] = effort[:, None] * part
    return budget


def _internal_wanted(own: MoneyTruths, minutes: np.ndarray) -> np.ndarray:
    """Return the minutes of internal volume work [function, month], beside the single items."""
    wanted = own.internal_share * by_function(own, minutes[:-1].sum(axis=0))
    return np.maximum(wanted - by_function(own, minutes[-1]), 0)
