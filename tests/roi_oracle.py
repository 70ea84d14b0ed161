"""What came back for an employer's money, in exact fractions, from landed files: no project code.

The differences are given (they have an oracle of their own, `estimates_oracle.py`); people, pay,
values, costs and rates come from the files.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import SimpleNamespace

import duckdb
import pandas as pd
from outcomes_oracle import EVALUATED, FOLLOW_UP, LAST
from workforce_landed import latest, versions, workforce

HIDDEN = ("sme_time", "manager_time", "paid_learning_time")
ENDS = ("low", "base", "high")
SHARE, HIRE, HOUR, DISCOUNT = (
    "turnover_cost_share_of_pay", "external_hire_cost", "absence_hour_cost", "discount_rate",
)  # fmt: skip


def cents(amount: Fraction) -> Decimal:
    """Whole cents, half a cent away from zero."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def exact(value: object) -> Fraction:
    return Fraction(str(value))


@dataclass
class Employer:
    """People, values and costs of the evaluation of some accounts, in dollars."""

    first: pd.Period
    last: pd.Period
    months: list[pd.Period]
    weights: dict[str, list[tuple[Fraction, dict]]]  # by parameter: what each person adds, range
    known: dict[str, int]
    values: dict[str, dict[str, Fraction]] = field(default_factory=dict)
    costs: dict[tuple[pd.Period, str], Decimal] = field(default_factory=dict)

    def value(self, parameter: str) -> dict[str, Fraction]:
        """What one of a parameter's units is worth: the mean over the people."""
        if parameter not in self.values:
            parts = self.weights[parameter]
            self.values[parameter] = {
                end: sum((each * exact(row[end]) * row["rate"] for each, row in parts), Fraction(0))
                / self.known[parameter]
                for end in ENDS
            }
        return self.values[parameter]

    def mean(self, parameter: str) -> dict[str, Fraction]:
        """The parameter itself: the mean over the people."""
        rows = [row for _, row in self.weights[parameter]]
        return {
            end: sum((exact(row[end]) * row["rate"] for row in rows), Fraction(0)) / len(rows)
            for end in ENDS
        }

    def cost(self, *types: str) -> Decimal:
        return sum((c for (_, kind), c in self.costs.items() if kind in types or not types),
                   Decimal(0))  # fmt: skip


def participants(work: SimpleNamespace, window: set[int]) -> list[SimpleNamespace]:
    """Who enrolled in these months, eligible on the first and employed to the end of the month."""
    found = []
    joined = {who: number for who, number in work.enrolled.items() if number in window}
    rows = {
        name: dict(list(table[table.worker_id.isin(joined.keys())].groupby("worker_id")))
        for name, table in vars(work).items()
        if name in ("worker", "spell", "eligibility")
    }
    for who, number in joined.items():
        month = pd.Period(ordinal=number, freq="M")
        first, end = month.start_time, month.end_time
        spell, may = rows["spell"].get(who), rows["eligibility"].get(who)
        if spell is None or may is None:
            continue
        begun = spell.since.isna() | (spell.since <= first)
        stays = (begun & ~(spell.until <= end)).any()
        if stays and ((may.eligible_from <= first) & ~(may.eligible_to < first)).any():
            version = rows["worker"][who]
            row = version[version.effective_from <= first].iloc[-1]
            found.append(SimpleNamespace(month=month, level=row.job_level, currency=row.currency,
                                         pay=row.base_pay_annual))  # fmt: skip
    return found


def employer(files: duckdb.DuckDBPyConnection, account: str) -> Employer | None:
    """An account's people and money; None where nobody enrolled in an evaluated month."""
    work = workforce(files, account)
    followed = [number for number in work.enrolled if number + FOLLOW_UP <= LAST.ordinal]
    if not followed:
        return None
    window = [number for number in followed if number > max(followed) - EVALUATED]
    first, last = (pd.Period(ordinal=end, freq="M") for end in (min(window), max(window)))
    people = participants(work, set(window))
    rates = latest(versions(files, "fx_rate", None), "fx_rate")
    rates = rates[rates.to_currency == "USD"]
    by_month = {
        (row.rate_month.to_period("M"), row.from_currency): exact(row.rate)
        for row in rates.itertuples()
    }

    def rate(month: pd.Period, currency: object) -> Fraction:
        none = currency == "USD" or not isinstance(currency, str)
        return Fraction(1) if none else by_month[month, currency]

    values = versions(files, "value_parameter", None)
    values = values[values.account_id.isna() | (values.account_id == account)]
    values = latest(values[values.valid_from <= last.end_time], "value_parameter")

    def applies(parameter: str, level: object) -> dict:
        """The account's own for the level, its own, the default for the level, the default."""
        mine = values[values.parameter == parameter].sort_values("valid_from")
        for own in (True, False):
            for of_level in (True, False):
                fits = mine[mine.account_id.notna() == own]
                fits = fits[fits.job_level == level if of_level else fits.job_level.isna()]
                if len(fits):
                    row = fits.iloc[-1].to_dict()
                    return row | {"rate": rate(last, row["currency"])}
        raise LookupError(parameter)

    weights, known = {}, {}
    for parameter in (SHARE, HIRE, HOUR, DISCOUNT):
        found = {level: applies(parameter, level) for level in {one.level for one in people}}
        parts = []
        for one in people:
            weight = Fraction(1)
            if parameter == SHARE:
                weight = exact(one.pay) * rate(last, one.currency)
            parts.append((weight, found[one.level]))
        weights[parameter], known[parameter] = parts, len(parts)
    months = [one.month for one in people]
    it = Employer(first, last, months, weights, known)
    landed = latest(versions(files, "employer_cost", account), "employer_cost")
    for row in landed.itertuples():
        month = row.month.to_period("M")
        if first <= month <= last:
            amount = row.amount
            if pd.isna(amount):
                amount = exact(row.minutes) / 60 * exact(row.hourly_rate)
            usd = cents(exact(amount) * rate(month, row.currency))
            key = month, row.cost_type
            it.costs[key] = it.costs.get(key, Decimal(0)) + usd
    return it


def together(employers: list[Employer]) -> Employer:
    """Several accounts as one."""
    pooled = Employer(
        min(one.first for one in employers),
        max(one.last for one in employers),
        [month for one in employers for month in one.months],
        {name: [part for one in employers for part in one.weights[name]]
         for name in employers[0].weights},
        {name: sum(one.known[name] for one in employers) for name in employers[0].known},
    )  # fmt: skip
    for one in employers:
        for key, amount in one.costs.items():
            pooled.costs[key] = pooled.costs.get(key, Decimal(0)) + amount
    return pooled
