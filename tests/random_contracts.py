"""Random contracts of many accounts: whatever may land of terms, decisions and exchange rates."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from arr_oracle import months_later
from costing_tenant import Rows, Tables

ACCOUNTS, FIRST, AS_OF = 900, date(2019, 1, 1), date(2024, 5, 17)
SEGMENTS = ("small", "mid-market", "")
DECISIONS = (None, None, "renewed", "renewed", "expanded", "contracted", "churned")


def value(draw: Random) -> Decimal:
    """Whole, in cents, in halves of a cent; now and then nothing, or below 0."""
    if draw.random() < 0.04:
        return draw.choice([Decimal(0), Decimal(-100)])
    return Decimal(draw.randrange(1_000, 900_000)) + draw.choice(
        [Decimal(0), Decimal("0.25"), Decimal("0.005"), Decimal("0.0049")]
    )


def next_start(draw: Random, start: date, end: date) -> date:
    """At once, early, after a gap short or long, on the same day, or before."""
    kind = draw.random()
    if kind < 0.35:
        return end + timedelta(days=1)
    if kind < 0.55:
        return end - timedelta(days=draw.randrange(0, 200))
    if kind < 0.75:
        return end + timedelta(days=draw.choice([20, 44, 45, 46, 47]))
    if kind < 0.93:
        return end + timedelta(days=draw.randrange(2, 300))
    return start + timedelta(days=draw.choice([0, -30]))


def decision_of(draw: Random, contract: dict) -> Rows:
    """None, one, or one that was taken back; before the end, after it, or not yet known."""
    rows: Rows = []
    for _ in range(draw.choice([1, 1, 1, 2])):
        if decision := draw.choice(DECISIONS):
            rows.append({
                "contract_id": contract["contract_id"], "decision": decision,
                "decided_on": contract["ends_on"] - timedelta(days=draw.randrange(-40, 300)),
                "new_annual_value": draw.choice(["", value(draw)]),
            })  # fmt: skip
    return rows if len({row["decided_on"] for row in rows}) == len(rows) else rows[:1]


def contracts_of(draw: Random, account: str) -> tuple[Rows, Rows]:
    contracts: Rows = []
    decisions: Rows = []
    currency = draw.choice(["USD", "USD", "EUR", "GBP", "CHF"])
    start = FIRST + timedelta(days=draw.randrange(0, 1_500))
    for number in range(draw.choice([1, 1, 2, 3, 5, 8])):
        end = start + timedelta(days=draw.choice([180, 364, 364, 729, draw.randrange(5, 800)]))
        end = start - timedelta(days=3) if draw.random() < 0.02 else end
        names = f"{account}-{number - 1}" if number and draw.random() < 0.6 else ""
        if draw.random() < 0.06:
            names = draw.choice([f"{account}-{number}", f"{account}-{number + 1}", "lost", "a1-0"])
        contract = {
            "contract_id": f"{account}-{number}", "account_id": account, "starts_on": start,
            "ends_on": end, "annual_value": value(draw), "currency": currency,
            "previous_contract_id": names,
            "signed_on": draw.choice(["", start - timedelta(days=draw.randrange(-60, 90))]),
        }  # fmt: skip
        contracts.append(contract)
        if draw.random() < 0.08:  # amended, perhaps after the as-of date
            signed = start + timedelta(days=draw.randrange(100, 500))
            contracts.append(contract | {"signed_on": signed, "annual_value": value(draw)})
        decisions += decision_of(draw, contract)
        start = next_start(draw, start, end)
        currency = draw.choice(["USD", "EUR", "GBP"]) if draw.random() < 0.08 else currency
    return contracts, decisions


def rates_of(draw: Random) -> Rows:
    """Rates that move each month; some months without one, some with two."""
    rows: Rows = []
    months = (AS_OF.year - FIRST.year) * 12 + AS_OF.month
    for currency, rate, missing in (("EUR", 1.1, 0.0), ("GBP", 1.3, 0.03), ("CHF", 1.0, 0.1)):
        for month in (months_later(FIRST, number) for number in range(months)):
            rate *= 1 + draw.uniform(-0.04, 0.04)
            row = {"rate_month": month, "from_currency": currency, "to_currency": "USD"}
            if draw.random() >= missing:
                rows.append(row | {"rate": f"{rate:.4f}"})
            if draw.random() < missing / 2:
                rows.append(row | {"rate_month": month.replace(day=9), "rate": f"{rate:.3f}"})
            rows.append(row | {"to_currency": "GBP", "rate": "7"})
    return rows


def random_contracts(seed: int) -> Tables:
    """The rows of all accounts, by entity; the last account is named by its contracts only."""
    draw = Random(seed)
    tables: Tables = {"account": [], "contract": [], "renewal_decision": []}
    for number in range(ACCOUNTS):
        account = f"a{number}"
        contracts, decisions = contracts_of(draw, account)
        tables["contract"] += contracts
        tables["renewal_decision"] += decisions
        if number < ACCOUNTS - 1:
            landed = {"account_id": account, "name": account}
            tables["account"].append(landed | {"segment": SEGMENTS[number % len(SEGMENTS)]})
    return {**tables, "fx_rate": rates_of(draw)}
