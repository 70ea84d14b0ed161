"""What landed money and work must come to: a second computation, in Python's exact fractions.

It follows docs/guides/costing.md and shares nothing with the models: one pass over the landed rows.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from costing_tenant import Tables
from work_oracle import NOBODY, Piece, TimeEquations, pieces, rounded

PRACTICAL_SHARE = Fraction(4, 5)
PARTS = {
    "revenue_amount": "revenue",
    "pass_through_amount": "pass_through",
    "pass_through_cost_amount": "pass_through_cost",
    "direct_cost_amount": "direct_cost",
    "cost_to_serve_amount": "cost_to_serve",
    "sustaining_cost_amount": "sustaining_cost",
}


def month_of(day: object) -> date:
    return date.fromisoformat(str(day)[:10]).replace(day=1)


@dataclass
class Oracle:
    """Amounts by what they are for; None where a part of them is not known."""

    tables: Tables
    ledger: dict = field(default_factory=lambda: defaultdict(dict))
    function_costs: dict = field(default_factory=dict)
    practical: dict = field(default_factory=dict)
    used: dict = field(default_factory=lambda: defaultdict(Decimal))
    quantities: dict = field(default_factory=lambda: defaultdict(Decimal))
    counts: dict = field(default_factory=lambda: defaultdict(int))
    lost: list[Piece] = field(default_factory=list)
    elsewhere: list[Piece] = field(default_factory=list)
    costs: dict = field(default_factory=dict)
    lines: dict = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.rates = only_ones(
            ((month_of(row["rate_month"]), row["from_currency"]), Fraction(str(row["rate"])))
            for row in self.tables["fx_rate"]
        )
        self._read_money()
        self._read_capacity()
        self._read_work()
        self._cost_work()

    def usd(self, row: dict, month: date) -> Decimal | None:
        rate = Fraction(1) if row["currency"] == "USD" else self.rates.get((month, row["currency"]))
        return None if rate is None else rounded(Fraction(str(row["amount"])) * rate)

    def _read_money(self) -> None:
        levels, functions = defaultdict(list), defaultdict(list)
        for row in self.tables["ledger_expense"]:
            month = month_of(row["month"])
            amount = self.usd(row, month)
            levels[month, row["cost_level"]].append(amount)
            if row["cost_level"] == "activity":
                functions[row["function_code"], month].append(amount)
            if row["cost_level"] == "account_sustaining":
                self.lines[row["account_id"], month, "sustaining_cost"].append(amount)
        for row in self.tables["invoice_line"]:
            month = month_of(row.get("service_month") or row["invoiced_on"])
            part = "revenue" if row["revenue_type"] != "tuition_pass_through" else "pass_through"
            self.lines[row["account_id"], month, part].append(self.usd(row, month))
        for row in self.tables["direct_cost"]:
            month = month_of(row["incurred_on"])
            tuition = row["cost_type"] == "tuition_pass_through"
            part = "pass_through_cost" if tuition else "direct_cost"
            self.lines[row["account_id"], month, part].append(self.usd(row, month))
        for (month, level), amounts in levels.items():
            self.ledger[month][level] = known_sum(amounts)
        self.function_costs = {key: known_sum(amounts) for key, amounts in functions.items()}

    def _read_capacity(self) -> None:
        def practical(row: dict) -> Decimal:
            paid, given = Fraction(str(row["paid_minutes"])), str(row["practical_minutes"])
            return rounded(Fraction(given) if given else paid * PRACTICAL_SHARE, 4)

        self.practical = only_ones(
            ((row["function_code"], month_of(row["month"])), practical(row))
            for row in self.tables["function_capacity"]
        )

    def _read_work(self) -> None:
        equations = TimeEquations(self.tables)
        for piece in pieces(self.tables):
            minutes = equations.minutes(piece)
            if piece.is_counted_elsewhere:
                self.elsewhere.append(piece)
            elif minutes is None:
                self.lost.append(piece)
            else:
                function = equations.function(piece)
                key = (piece.account_id, piece.activity_code, function, piece.month)
                self.used[key] += minutes
                self.quantities[key] += piece.quantity
                self.counts[key] += 1

    def has_rate(self, function: str, month: date) -> bool:
        return bool(
            self.function_costs.get((function, month)) is not None
            and self.practical.get((function, month))
        )

    def _cost_work(self) -> None:
        for (account, code, function, month), minutes in self.used.items():
            cost = None
            if self.has_rate(function, month):
                rate = Fraction(self.function_costs[function, month]) / Fraction(
                    self.practical[function, month]
                )
                cost = rounded(Fraction(minutes) * rate)
            self.costs[account, code, function, month] = cost
            if account != NOBODY:
                self.lines[account, month, "cost_to_serve"].append(cost)
        for piece in self.lost:
            if piece.account_id != NOBODY:
                self.lines[piece.account_id, piece.month, "cost_to_serve"].append(None)

    def reconciliation(self, month: date) -> dict[str, Decimal] | None:
        """The parts of a month's ledger; None where a row of it could not be converted."""
        levels = self.ledger[month]
        if None in levels.values():
            return None
        mine = {key[0]: cost for key, cost in self.function_costs.items() if key[1] == month}
        rated = {function for function in mine if self.has_rate(function, month)}
        worked = {key: cost for key, cost in self.costs.items()
                  if key[3] == month and cost is not None}  # fmt: skip
        assigned = sum(worked.values(), Decimal(0))
        unallocated = sum((levels.get(level, Decimal(0)) for level in ("channel", "corporate")),
                          Decimal(0))  # fmt: skip
        uncosted = sum((mine[function] for function in mine if function not in rated), Decimal(0))
        return {
            "ledger_amount": sum(levels.values(), Decimal(0)),
            "assigned_amount": assigned,
            "internal_amount": sum(
                (cost for key, cost in worked.items() if key[0] == NOBODY), Decimal(0)
            ),
            "unused_amount": sum((mine[function] for function in rated), Decimal(0)) - assigned,
            "sustaining_amount": levels.get("account_sustaining", Decimal(0)),
            "unallocated_amount": unallocated + uncosted,
            "difference_amount": Decimal(0),
        }

    def profit(self, account: str, month: date) -> dict[str, Decimal | None]:
        """The parts of an account's month, and what is left; None where it is not known."""
        parts = {
            column: known_sum(self.lines.get((account, month, part), []))
            for column, part in PARTS.items()
        }
        has_ledger = "activity" in self.ledger.get(month, {})
        if not has_ledger:
            parts["cost_to_serve_amount"] = None
        known = None not in parts.values()
        left = parts["revenue_amount"], parts["direct_cost_amount"]
        gross = None if None in left else left[0] - left[1]
        served = parts["cost_to_serve_amount"], parts["sustaining_cost_amount"]
        return {**parts, "gross_profit_amount": gross,
                "net_profit_amount": gross - served[0] - served[1] if known else None}  # fmt: skip


def known_sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, None where an amount of it is not known; nothing adds up to 0."""
    listed = list(amounts)
    return None if None in listed else sum(listed, Decimal(0))


def only_ones(pairs: Iterable[tuple]) -> dict:
    """The values by key; None where a key has several, since nobody knows which is right."""
    found: dict = {}
    for key, value in pairs:
        found[key] = None if key in found else value
    return found
