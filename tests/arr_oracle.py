"""What landed contracts must come to: a second computation, day by day, in exact fractions.

It follows docs/guides/revenue_retention.md and shares nothing with the models.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

GAP_DAYS = 45
WINDOWS = (1, 3, 12)
Money = dict[str, Fraction]  # by currency


def day_of(value: object) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None


def months_later(month: date, months: int) -> date:
    years, place = divmod(month.month - 1 + months, 12)
    return date(month.year + years, place + 1, 1)


def last_day(month: date) -> date:
    return months_later(month, 1) - timedelta(days=1)


def cents(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def latest(rows: Iterable[Mapping], key: str, known: str, as_of: date) -> dict[str, dict]:
    """The version of each key that was known last by the as-of date; of one day the later row."""
    found: dict[str, dict] = {}
    for row in rows:
        since = day_of(row.get(known)) or date.min
        before = found.get(row[key])
        if since <= as_of and (before is None or since >= (day_of(before.get(known)) or date.min)):
            found[row[key]] = dict(row)
    return found


@dataclass(frozen=True)
class Contract:
    """A contract as it is known, with the decision about its end."""

    contract_id: str
    account_id: str
    start: date
    end: date
    value: Fraction
    currency: str
    names: str | None
    decision: str | None
    new_value: Fraction | None

    @property
    def is_one(self) -> bool:
        return self.start <= self.end


class Contracts:
    """All contracts of a tenant, and what they bring on any day."""

    def __init__(self, contracts: Iterable[Mapping], decisions: Iterable[Mapping], as_of: date):
        self.as_of = as_of
        decided = latest(decisions, "contract_id", "decided_on", as_of)
        self.rows: dict[str, Contract] = {}
        self.of_account: dict[str, list[Contract]] = defaultdict(list)
        for row in latest(contracts, "contract_id", "signed_on", as_of).values():
            value = max(Fraction(str(row["annual_value"])), Fraction(0))
            said = decided.get(row["contract_id"], {})
            new = said.get("new_annual_value")
            contract = Contract(
                row["contract_id"], row["account_id"], day_of(row["starts_on"]),
                day_of(row["ends_on"]), value, row["currency"],
                row.get("previous_contract_id") or None, said.get("decision"),
                max(Fraction(str(new)), Fraction(0)) if new not in (None, "") else None,
            )  # fmt: skip
            self.rows[contract.contract_id] = contract
            self.of_account[contract.account_id].append(contract)
        self.successors = {
            contract.contract_id: self._successor(contract) for contract in self.rows.values()
        }

    def follows(self, one: Contract, before: Contract) -> bool:
        """Whether a contract is the named successor of another."""
        if one.names != before.contract_id or one is before or not (one.is_one and before.is_one):
            return False
        if one.account_id != before.account_id:
            return False
        return one.start > before.start or (
            one.start == before.start and before.names != one.contract_id
        )

    def _successor(self, contract: Contract) -> Contract | None:
        others = self.of_account[contract.account_id]
        found = [one for one in others if self.follows(one, contract)]
        if not found and contract.is_one:
            found = [
                one for one in others
                if one.is_one and 1 <= (one.start - contract.end).days <= GAP_DAYS + 1
                and not any(self.follows(one, other) for other in others)
            ]  # fmt: skip
        return min(found, key=lambda one: (one.start, one.contract_id), default=None)

    def is_open(self, contract: Contract) -> bool:
        """Whether a decision may still come, or something followed in time without one."""
        if contract.decision is not None:
            return False
        after = self.successors[contract.contract_id]
        is_followed = after and (after.start - contract.end).days - 1 <= GAP_DAYS
        return bool(is_followed or (self.as_of - contract.end).days <= GAP_DAYS)

    def decided_value(self, contract: Contract) -> Fraction | None:
        if contract.decision in (None, "churned"):
            return None if contract.decision is None else Fraction(0)
        return contract.value if contract.new_value is None else contract.new_value

    def value_on(self, contract: Contract, day: date) -> Fraction:
        """What a contract brings a year on a day, in its own currency."""
        after = self.successors[contract.contract_id]
        if not contract.is_one or day < contract.start or (after and day >= after.start):
            return Fraction(0)
        if day <= contract.end:
            return contract.value
        if contract.decision == "churned":
            return Fraction(0)
        if after:
            free_days = (after.start - contract.end).days - 1
            return contract.value if free_days <= GAP_DAYS else Fraction(0)
        if contract.decision is None or (day - contract.end).days > GAP_DAYS:
            return Fraction(0)
        return self.decided_value(contract)

    def values_on(self, account_id: str, day: date) -> dict[str, Fraction]:
        """By contract, those that bring anything."""
        values = {one.contract_id: self.value_on(one, day) for one in self.of_account[account_id]}
        return {name: value for name, value in values.items() if value > 0}

    def money_on(self, account_id: str, day: date) -> Money:
        money: Money = defaultdict(Fraction)
        for name, value in self.values_on(account_id, day).items():
            money[self.rows[name].currency] += value
        return money
