"""The bridge of recurring revenue of an account and of a segment, in exact fractions."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from arr_oracle import WINDOWS, Contracts, Money, cents, day_of, last_day, months_later

NOTHING = Decimal("0.00")
PARTS = ("opening", "new", "reactivation", "expansion", "contraction", "churn", "fx", "closing")


class Bridge:
    """The contracts of a tenant from month to month, in US dollars."""

    def __init__(
        self, contracts: Contracts, fx_rates: Iterable[Mapping], segments: dict[str, str],
        last_month: date,
    ):  # fmt: skip
        self.contracts, self.segments, self.last_month = contracts, segments, last_month
        landed = defaultdict(list)
        for row in fx_rates:
            if row["to_currency"] == "USD":
                month = day_of(row["rate_month"]).replace(day=1)
                landed[row["from_currency"], month].append(Fraction(str(row["rate"])))
        self.rates = {key: rates[0] for key, rates in landed.items() if len(rates) == 1}
        starts = [one.start for one in contracts.rows.values() if one.is_one]
        self.first_month = min(starts).replace(day=1)
        self.months = []
        month = self.first_month
        while month <= last_month:
            self.months.append(month)
            month = months_later(month, 1)
        self.money = {
            (account, month): contracts.money_on(account, last_day(month))
            for account in contracts.of_account
            for month in [months_later(self.first_month, -1), *self.months]
        }
        self.first = {
            account: next((month for month in self.months if self.money[account, month]), None)
            for account in contracts.of_account
        }

    def rate(self, currency: str, month: date) -> Fraction | None:
        return Fraction(1) if currency == "USD" else self.rates.get((currency, month))

    def usd(self, money: Money, month: date) -> Decimal | None:
        rates = {currency: self.rate(currency, month) for currency in money}
        if None in rates.values():
            return None
        return cents(sum((money[name] * rates[name] for name in money), Fraction(0)))

    def windows(self) -> list[tuple[int, date, date]]:
        """Length, first and last month of every window."""
        found = [(n, months_later(end, 1 - n), end) for end in self.months for n in WINDOWS]
        return [window for window in found if window[1] >= self.first_month]

    def account(self, account: str, start: date, end: date) -> dict | None:
        """What became of an account's revenue; None where it has none at either end."""
        before = months_later(start, -1)
        opening, closing = self.money[account, before], self.money[account, end]
        if not opening and not closing:
            return None
        parts: dict[str, Decimal | None] = dict.fromkeys(PARTS, NOTHING)
        parts["opening"], parts["closing"] = self.usd(opening, before), self.usd(closing, end)
        if not opening:
            kind = "reactivation" if self.first[account] <= before else "new"
            parts[kind] = parts["closing"]
        elif not closing:
            parts["churn"] = parts["opening"]
        else:
            constant = self.usd(closing, before)
            known = None not in (constant, parts["opening"])
            change = constant - parts["opening"] if known else None
            parts["expansion"] = max(change, NOTHING) if known else None
            parts["contraction"] = max(-change, NOTHING) if known else None
            known = None not in (constant, parts["closing"])
            parts["fx"] = parts["closing"] - constant if known else None
        return parts

    def segment(self, segment: str, start: date, end: date) -> dict:
        """Amounts and counts of a segment's window; an amount that is not known is None."""
        amounts: dict[str, Decimal | None] = dict.fromkeys(PARTS, NOTHING)
        counts: Counter = Counter()
        is_known = True
        for account, own in self.segments.items():
            parts = self.account(account, start, end) if segment in ("all", own) else None
            if parts is None:
                continue
            is_known = is_known and None not in parts.values()
            opening, closing = (self.money[account, months_later(start, -1)],
                                self.money[account, end])  # fmt: skip
            counts["opening"] += bool(opening)
            counts["closing"] += bool(closing)
            counts["retained"] += bool(opening and closing)
            if not opening:
                counts["reactivated" if self.first[account] < start else "new"] += 1
            if is_known:
                for name in PARTS:
                    amounts[name] += parts[name]
        return {"amounts": amounts if is_known else dict.fromkeys(PARTS), "counts": counts}

    def due(self, segment: str, start: date, end: date) -> dict:
        """What was up for renewal in a window, renewed and undecided."""
        amounts = {"up_for_renewal": NOTHING, "renewed": NOTHING, "undecided": NOTHING}
        counts: Counter = Counter()
        is_known = True
        for one in self.contracts.rows.values():
            inside = start <= one.end <= last_day(end) and one.is_one
            if not inside or segment not in ("all", self.segments[one.account_id]):
                continue
            counts["up_for_renewal"] += 1
            counts["renewed"] += one.decision not in (None, "churned")
            is_open = self.contracts.is_open(one)
            counts["undecided"] += is_open
            old, new = self.renewal(one)
            if old is None:
                is_known = False
                continue
            amounts["up_for_renewal"] += old
            if is_open:
                amounts["undecided"] += old
            elif one.decision is not None:
                amounts["renewed"] += min(old, new)
        return {"amounts": amounts if is_known else dict.fromkeys(amounts), "counts": counts}

    def renewal(self, one) -> tuple[Decimal | None, Decimal | None]:
        """A contract's old and new value in dollars, at the rate of its last month that is over."""
        rate = self.rate(one.currency, min(one.end.replace(day=1), self.last_month))
        if rate is None:
            return None, None
        new = self.contracts.decided_value(one)
        return cents(one.value * rate), None if new is None else cents(new * rate)

    def cause(self, account: str, month: date, kind: str) -> str:
        """The contract that brought a movement: what rose or fell most, in dollars."""
        before = self.contracts.values_on(account, months_later(month, 0) - timedelta(days=1))
        after = self.contracts.values_on(account, last_day(month))

        def weight(name: str) -> tuple:
            currency = self.contracts.rows[name].currency
            rates = [self.rate(currency, month)] if name in after else []
            rates += [self.rate(currency, months_later(month, -1))] if name in before else []
            rate = next((rate for rate in rates if rate is not None), Fraction(0))
            change = after.get(name, Fraction(0)) - before.get(name, Fraction(0))
            if kind == "fx":
                is_foreign = name in after and currency != "USD"
                return (not is_foreign, -after.get(name, Fraction(0)) * rate, name)
            return (change * rate if kind in ("churn", "contraction") else -change * rate, name)

        return min(before.keys() | after.keys(), key=weight)
