"""Terms of service and how they ended: drawn from the function of renewing that is known."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from ..draw import generator
from ..world import FIRST_DAY, LAST_DAY, MONTHS
from .chain import Chain
from .truths import StakeholderTruths

if TYPE_CHECKING:
    from ..truths import Truths

HORIZON = timedelta(days=90)  # before the end: the sponsor's confidence that decides
PRICING, PRICING_SHARES = ("fixed", "per_participant", "per_eligible", "outcome"), (3, 4, 2, 1)
NOTICE_DAYS = (30, 45, 60)


@dataclass(frozen=True)
class Term:
    """One contract: amounts in minor units (cents) of its currency; the decision about its end.

    Decided before the first day of data: no decision is on record, it renewed. After the last
    day: not known yet.
    """

    contract_id: str
    account: int  # index
    starts_on: date
    ends_on: date  # last day
    annual_value: int
    currency: str
    pricing_model: str
    auto_renew: bool
    notice_days: int
    signed_on: date
    previous_contract_id: str | None = None
    probability: float | None = None  # true probability of renewing
    decision: str | None = None
    decided_on: date | None = None
    new_annual_value: int | None = None


@dataclass(frozen=True)
class Contracts:
    """All terms, account by account in order of time, and who is served when."""

    rows: list[Term]
    served: np.ndarray  # booleans [account, month]: a contract covers the month's last day


def probability(own: StakeholderTruths, quality, sponsor):
    """Return the true probability of renewing (numbers or arrays)."""
    score = own.renewal_intercept + own.renewal_per_outcome * quality
    score = score + own.renewal_per_sponsor * (sponsor - own.renewal_sponsor) / 10
    return (1 - own.chance_share) / (1 + np.exp(-score)) + own.chance_share * own.chance_rate


def draw_contracts(truths: "Truths", chain: Chain, seed: int) -> Contracts:
    """Draw each account's terms until it leaves or the data ends."""
    rng = generator(seed, "contracts")
    rows = [
        term
        for account in range(len(truths.accounts))
        for term in _terms(truths, chain, account, rng)
    ]
    left = [term for term in rows if term.decision == "churned"]
    left = [t for t in left if _later(t.ends_on, truths.stakeholders.gap_months + 6) < LAST_DAY]
    if left:  # the first to leave comes back
        last = min(left, key=lambda term: (term.ends_on, term.contract_id))
        start = _later(last.ends_on + timedelta(days=1), truths.stakeholders.gap_months)
        number = int(last.contract_id.rsplit("-", 1)[1]) + 1
        back = _terms(truths, chain, last.account, rng, start, number)
        place = rows.index(last) + 1
        rows[place:place] = back
    return Contracts(rows, _served(len(truths.accounts), rows))


def _terms(
    truths: "Truths",
    chain: Chain,
    account: int,
    rng: np.random.Generator,
    start: date | None = None,
    number: int = 1,
) -> list[Term]:
    """Return an account's contracts from a day on, each decided before the next begins."""
    buyer, own = truths.accounts[account], truths.stakeholders
    is_long = buyer.bottleneck is not None or buyer.account_id in own.long_term_accounts
    usual = int(rng.choice(own.term_months, p=np.divide(own.term_shares, sum(own.term_shares))))
    pricing = str(rng.choice(PRICING, p=np.divide(PRICING_SHARES, sum(PRICING_SHARES))))
    start, value, previous = start or buyer.customer_since, buyer.annual_value * 100, None
    signed_on, terms = start - timedelta(days=int(rng.integers(15, 50))), []
    while True:
        following = _later(start, _long_months(start) if is_long else usual)
        notice_days = int(rng.choice(NOTICE_DAYS))
        term = Term(
            f"ctr-{buyer.account_id.removeprefix('acc-')}-{number}", account, start,
            following - timedelta(days=1), value, buyer.currency, pricing, bool(rng.random() < 0.4),
            notice_days, signed_on, previous,
        )  # fmt: skip
        decided_on = term.ends_on - timedelta(days=notice_days + int(rng.integers(0, 25)))
        term = _decided(truths, chain, term, decided_on, rng)
        terms.append(term)
        if decided_on > LAST_DAY or term.decision == "churned":
            return terms
        value = value if term.new_annual_value is None else term.new_annual_value
        start, signed_on, previous = following, decided_on, term.contract_id
        number += 1


def _decided(
    truths: "Truths", chain: Chain, term: Term, decided_on: date, rng: np.random.Generator
) -> Term:
    """Return a term with its decision: none where it is before or after the data."""
    own, draws = truths.stakeholders, rng.random(3)
    if not FIRST_DAY <= decided_on <= LAST_DAY:
        return term
    month = int((np.datetime64(term.ends_on - HORIZON, "M") - MONTHS[0]).astype(int))
    sponsor = chain.at("executive_sponsor", term.account, month)
    chance = probability(own, truths.accounts[term.account].outcome_quality, sponsor)
    least, most = own.value_change
    change = least + draws[2] * (most - least)
    if draws[0] >= chance:
        decision, value = "churned", 0
    elif draws[1] < own.expanded_share:
        decision, value = "expanded", _rounded(term.annual_value * (1 + change))
    elif draws[1] < own.expanded_share + own.contracted_share:
        decision, value = "contracted", _rounded(term.annual_value * (1 - change))
    else:
        decision, value = "renewed", term.annual_value
    return replace(
        term, probability=float(chance), decision=decision, decided_on=decided_on,
        new_annual_value=value,
    )  # fmt: skip


def _rounded(value: float) -> int:
    """Return an annual value in full hundreds of the currency, in minor units."""
    return round(value / 10_000) * 10_000


def _later(day: date, months: int) -> date:
    """Return the day so many months later; the days 29 to 31 become 28."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, min(day.day, 28))


def _long_months(start: date) -> int:
    """Return the length of a contract that runs to the end of the data: full years, at least 3.

    One that ends before the data begins is of one year.
    """
    if _later(start, 12) <= FIRST_DAY:
        return 12
    months = 36
    while _later(start, months) <= LAST_DAY:
        months += 12
    return months


def _served(accounts: int, rows: list[Term]) -> np.ndarray:
    ends = (MONTHS + 1).astype("datetime64[D]") - 1
    served = np.zeros((accounts, len(MONTHS)), dtype=bool)
    for term in rows:
        covers = (ends >= np.datetime64(term.starts_on)) & (ends <= np.datetime64(term.ends_on))
        served[term.account] |= covers
    return served
