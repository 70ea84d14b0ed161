"""What the books need of people: counted exactly as landed, block by block."""

import numpy as np

from ..draw import Columns
from ..platform.block import Block
from ..world import World, month_index
from .equation import activity_index, currencies, exchange_rates, standard_minutes, to_usd


class MoneyTally:
    """Sums over blocks, by account and month; a month is the UTC one of the instant named.

    Attributes:
        minutes: [account, activity, month] of the work that no work item tells. Of completed
            coaching sessions the actual minutes, by `scheduled_at`; of tickets and applications the
            standard minutes valid on the day, by `resolved_at` and `decided_at`.
        direct: USD cents of direct cost without passed-through tuition, by `incurred_on`.
        tuition: [account, program, month] minor units of the account's currency passed through.
    """

    def __init__(self, world: World) -> None:
        """Start at nothing."""
        self.world, truths = world, world.truths
        accounts, months = len(truths.accounts), len(world.months)
        activities = len(truths.money.activities)
        self.minutes = np.zeros((accounts, activities, months), dtype=np.int64)
        self.direct = np.zeros((accounts, months), dtype=np.int64)
        self.tuition = np.zeros((accounts, len(truths.programs), months), dtype=np.int64)
        self._rates, self._currencies = exchange_rates(world), currencies(truths.money)

    def add(self, block: Block, tables: dict[str, Columns]) -> None:
        """Add a block: `tables` has all its entities, those of this package too."""
        sessions = latest(tables["coaching_session"], "session_id")
        is_held = sessions["status"] == "completed"
        held_at, spent = sessions["scheduled_at"][is_held], sessions["actual_minutes"][is_held]
        self._work(block.account, "coaching_session", held_at, spent.astype(np.int64))
        decided_at = latest(tables["application"], "application_id")["decided_at"]
        self._work(block.account, "application_decision", decided_at)
        tickets = tables["support_ticket"]
        for category, _ in self.world.truths.money.tickets:
            resolved_at = tickets["resolved_at"][tickets["category"] == category]
            self._work(block.account, f"ticket_{category}", resolved_at)
        self._costs(block.account, tables["direct_cost"])

    def _work(
        self, account: int, code: str, times: np.ndarray, minutes: np.ndarray | None = None
    ) -> None:
        """Add work of an activity; without minutes, its standard ones."""
        own, index = self.world.truths.money, activity_index(self.world.truths.money, code)
        if minutes is None:
            day = times.astype("datetime64[D]")
            minutes = standard_minutes(own, np.full(len(day), index), day)
        _count(self.minutes[account, index], times, minutes)

    def _costs(self, account: int, costs: Columns) -> None:
        """Add direct costs, each converted at the rate of its month."""
        month, amount = month_index(costs["incurred_on"]), minor_units(costs["amount"])
        names = {name: index for index, name in enumerate(self._currencies)}
        currency = np.array([names[name] for name in costs["currency"].tolist()], dtype=int)
        cents = to_usd(amount, self._rates[currency, month])
        passed = costs["cost_type"] == "tuition_pass_through"
        _count(self.direct[account], costs["incurred_on"][~passed], cents[~passed])
        for place, program in enumerate(self.world.truths.programs):
            here = passed & (costs["program_id"] == program.program_id)
            _count(self.tuition[account, place], costs["incurred_on"][here], amount[here])


def latest(columns: Columns, key: str) -> Columns:
    """Return the row of each key that was known last."""
    order = np.argsort(columns["updated_at"], kind="stable")[::-1]
    _, first = np.unique(columns[key][order].astype(str), return_index=True)
    return {name: column[order[first]] for name, column in columns.items()}


def minor_units(amounts: np.ndarray) -> np.ndarray:
    """Return whole minor units from decimal text with two places."""
    return np.array([int(text.replace(".", "")) for text in amounts.tolist()], dtype=np.int64)


def _count(total: np.ndarray, times: np.ndarray, amounts: np.ndarray) -> None:
    """Add amounts to their months; what is missing or outside the data counts nowhere."""
    month = month_index(times)
    within = (month >= 0) & (month < len(total))
    np.add.at(total, month[within], amounts[within])
