"""The lines, flows and sums of a return in exact fractions, for `roi_oracle.py`'s employers."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pandas as pd
from roi_oracle import DISCOUNT, HIRE, HOUR, SHARE, Employer, cents

WORSE = {"worse": ("low", "high"), "better": ("high", "low")}  # where the units are a gain, a loss


@dataclass(frozen=True)
class Case:
    """Which end each number takes, and how much of every difference is sorting."""

    stayed: str = "base"
    filled: str = "base"
    absent: str = "base"
    share: str = "base"
    hire: str = "base"
    hour: str = "base"
    discount: str = "base"
    sorting: Fraction = Fraction(0)


SCENARIOS = {
    "low": Case("low", "low", "low", "worse", "worse", "worse"),
    "base": Case(),
    "high": Case("high", "high", "high", "better", "better", "better"),
}
TORNADO = {
    "retention_difference": "stayed", "filling_difference": "filled",
    "absence_difference": "absent", SHARE: "share", HIRE: "hire", HOUR: "hour",
    DISCOUNT: "discount",
}  # fmt: skip


def sensitivity() -> dict[tuple[str, str], Case]:
    """Each number alone from its low to its high end, and three shares of sorting."""
    one = {(name, end): Case(**{where: end}) for name, where in TORNADO.items()
           for end in ("low", "high")}  # fmt: skip
    shares = ("0", "0.5", "0.8")
    return one | {("sorting_share", at): Case(sorting=Fraction(at)) for at in shares}


def differences(said: pd.DataFrame) -> dict[str, dict[str, Fraction]]:
    """The three differences, from their worse end to their better one, and rates of the treated."""
    found = {}
    for name, code, ends in (
        ("stayed", "retained_12m_voluntary", ("ci_low", "ci_high")),
        ("filled", "filled_12m", ("ci_low", "ci_high")),
        ("absent", "absence_hours_12m", ("ci_high", "ci_low")),
    ):
        row = said.loc[code]
        found[name] = {
            "low": Fraction(row[ends[0]]), "base": Fraction(row.adjusted_difference),
            "high": Fraction(row[ends[1]]), "rate": Fraction(row.treated_rate),
        }  # fmt: skip
    return found


def lines(it: Employer, found: dict, case: Case) -> dict[str, tuple[Fraction, Fraction, Decimal]]:
    """Units, value of one and amount of each line of benefit."""
    people = len(it.months)
    left = 1 - case.sorting
    stayed, filled = found["stayed"][case.stayed] * left, found["filled"][case.filled] * left
    again = -max(Fraction(0), stayed) * found["filled"]["rate"] / found["stayed"]["rate"]
    units = {
        "turnover_avoided": stayed * people,
        "internal_filling": filled * people,
        "promoted_stayers_counted_once": again * people,
        "absence_avoided": -found["absent"][case.absent] * left * people,
    }
    posts = units["internal_filling"] + units["promoted_stayers_counted_once"]

    def worth(parameter: str, end: str, gain: Fraction) -> Fraction:
        return it.value(parameter)[WORSE[end][gain < 0] if end in WORSE else end]

    hire = worth(HIRE, case.hire, posts)
    value = {
        "turnover_avoided": worth(SHARE, case.share, units["turnover_avoided"]),
        "internal_filling": hire,
        "promoted_stayers_counted_once": hire,
        "absence_avoided": worth(HOUR, case.hour, units["absence_avoided"]),
    }
    return {code: (units[code], value[code], cents(units[code] * value[code])) for code in units}


@dataclass
class Flow:
    """A month's money."""

    month: pd.Period
    benefit: Decimal
    cost: Decimal
    cumulative: Decimal
    discounted: Decimal


def flows(it: Employer, benefit: Decimal, yearly: Fraction) -> list[Flow]:
    """Costs in their month; benefit by heads over the twelve months after each enrollment."""
    found: list[Flow] = []
    before = total = Decimal(0)
    for number, month in enumerate(pd.period_range(it.first, it.last + 12, freq="M"), start=1):
        passed = sum(min(12, max(0, month.ordinal - index.ordinal)) for index in it.months)
        came = cents(Fraction(benefit) * passed / (12 * len(it.months)))
        cost = sum((c for (at, _), c in it.costs.items() if at == month), Decimal(0))
        net = came - before - cost
        total += net
        worth = float(net) / (1 + float(yearly)) ** (number / 12)
        found.append(Flow(month, came - before, cost, total, cents(Fraction(worth))))
        before = came
    return found


def payback(found: list[Flow]) -> float | None:
    """Months until the money is back for good, evenly within the month in which it is."""
    below = [number for number, flow in enumerate(found, start=1) if flow.cumulative < 0]
    if not below:
        return 0.0
    if below[-1] == len(found):
        return None
    after = found[below[-1]]
    return below[-1] + 1 - float(after.cumulative / (after.benefit - after.cost))


@dataclass
class Return:
    """What a case comes to."""

    benefit: Decimal
    cost: Decimal
    npv: Decimal
    payback: float | None
    flows: list[Flow]


def come_back(it: Employer, found: dict, case: Case) -> Return:
    benefit = sum((amount for _, _, amount in lines(it, found, case).values()), Decimal(0))
    months = flows(it, benefit, it.value(DISCOUNT)[case.discount])
    npv = sum((flow.discounted for flow in months), Decimal(0))
    return Return(benefit, it.cost(), npv, payback(months), months)
