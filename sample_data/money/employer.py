"""What employers spend themselves, what outcomes are worth to them, and what was planned."""

from itertools import product

import numpy as np

from ..draw import Columns, money
from ..world import Tally, World
from .books import Books
from .costs import local_price
from .invoices import TUITION, contract_values

# Time of the employer's own people: minutes per active participant and month, dollars an hour.
TIME = (("sme_time", 9, 68), ("manager_time", 24, 49), ("paid_learning_time", 260, 27))
AS_AMOUNT = 0.15  # share of the time lines that give an amount instead of minutes and rate
ADMIN_SHARE, TRAVEL_SHARE = 0.035, 0.01  # of the contract's monthly value
MONEY_PARAMETERS = ("external_hire_cost", "absence_hour_cost")
# parameter, job level (none: every level), low, base, high: dollars or shares
DEFAULTS = (
    ("turnover_cost_share_of_pay", None, 0.16, 0.21, 0.33),
    ("turnover_cost_share_of_pay", 4, 0.20, 0.30, 0.45),
    ("turnover_cost_share_of_pay", 5, 0.25, 0.40, 0.60),
    ("external_hire_cost", None, 3200, 4700, 6800),
    ("external_hire_cost", 4, 6000, 9500, 14000),
    ("external_hire_cost", 5, 9000, 14500, 22000),
    ("absence_hour_cost", None, 24, 36, 52),
    ("discount_rate", None, 0.08, 0.10, 0.12),
    ("margin_rate", None, 0.08, 0.12, 0.16),
)
FIRST_VALID = ("2023-07-01", "2025-01-01")  # of the first version, and of a revised one
OWN_SHARE, REVISED_SHARE = 0.6, 0.35  # of accounts with parameters of their own; of those revised
FORECAST_DAYS = 8  # before the month that is forecast
PLANNED = ("enrolled_count", "completed_count", "revenue_amount", "net_profit_amount")


def employer_cost(world: World, tally: Tally, books: Books) -> Columns:
    """Return the entity `employer_cost`: visible and hidden cost, in the employer's currency."""
    own, rng, accounts = world.truths.money, world.rng("employer_cost"), world.truths.accounts
    shape, bills = books.revenue.shape, books.bills
    billed = np.zeros((2, *shape), dtype=np.int64)
    np.add.at(billed, ((bills.kind != TUITION).astype(int), bills.account, bills.service),
              bills.amount)  # fmt: skip
    monthly = contract_values(world) / 12
    spread = rng.lognormal(0, 0.3, (2, *shape))
    trips = (rng.random(shape) < 0.3) / 0.3
    given = np.stack([*billed, monthly * ADMIN_SHARE * spread[0],
                      monthly * TRAVEL_SHARE * spread[1] * trips])  # fmt: skip
    given = np.rint(np.maximum(given, 0)).astype(np.int64)
    hourly = np.array([[local_price(own, a.currency, np.array(rate))] for _, _, rate in TIME
                       for a in accounts]).reshape(len(TIME), -1, 1)  # fmt: skip
    per_person = np.array([minutes for _, minutes, _ in TIME])[:, None, None]
    minutes = tally.active_participants * per_person * rng.lognormal(0, 0.2, (3, *shape))
    minutes = np.rint(minutes).astype(np.int64)
    is_amount = rng.random(minutes.shape) < AS_AMOUNT
    amount = np.concatenate([given, np.rint(minutes * hourly * 100 / 60).astype(np.int64)])
    types = ("tuition", "program_fee", "admin", "travel", *(name for name, _, _ in TIME))
    month, account, kind = np.nonzero(amount.transpose(2, 1, 0))
    is_time = kind >= len(given)
    time = np.maximum(kind - len(given), 0)
    as_minutes = is_time & ~is_amount[time, account, month]
    texts = money(amount[kind, account, month])
    texts[as_minutes] = None
    spent = minutes[time, account, month].astype(object)
    rates = money(hourly[time, account, 0] * 100)
    spent[~as_minutes], rates[~as_minutes] = None, None
    short = [a.account_id.removeprefix("acc-") for a in accounts]
    ids = [f"ec-{world.months[m]}-{short[a]}-{types[k]}"
           for m, a, k in zip(month, account, kind, strict=True)]  # fmt: skip
    return {
        "employer_cost_id": np.array(ids, dtype=object),
        "account_id": np.array([a.account_id for a in accounts], dtype=object)[account],
        "month": world.months[month].astype("datetime64[D]"),
        "cost_type": np.array(types, dtype=object)[kind],
        "minutes": spent,
        "hourly_rate": rates,
        "amount": texts,
        "currency": np.array([a.currency for a in accounts], dtype=object)[account],
    }


def value_parameter(world: World) -> Columns:
    """Return the entity `value_parameter`: benchmarks for all, and what employers said."""
    own, rng, rows = world.truths.money, world.rng("value_parameter"), []

    def say(account, name, level, values, trust, source, valid_from) -> None:
        currency = (account.currency if account else "USD") if name in MONEY_PARAMETERS else None
        texts = [f"{value:.4f}" for value in (*values, *trust)]
        owner = account.account_id if account else None
        rows.append((owner, name, level, *texts, source, currency, valid_from))

    for name, level, *values in DEFAULTS:
        say(None, name, level, values, (0.5, 0.6), "benchmark", FIRST_VALID[0])
    for account in world.truths.accounts:
        if rng.random() >= OWN_SHARE:
            continue
        versions = 1 + (rng.random() < REVISED_SHARE)
        for version, (name, level, *values) in product(range(versions), DEFAULTS):
            if level is not None and rng.random() < 0.5:
                continue
            if name in MONEY_PARAMETERS:
                values = local_price(own, account.currency, np.array(values))
            factor = rng.uniform(0.85, 1.2)
            trust = (rng.uniform(0.4, 0.8), rng.uniform(0.6, 0.95))
            source = "finance_approved" if rng.random() < 0.4 else "client_estimate"
            scaled = [round(float(value) * factor, 2) for value in values]
            say(account, name, level, scaled, trust, source, FIRST_VALID[version])
    names = ("account_id", "parameter", "job_level", "low", "base", "high", "isolation",
             "confidence", "source", "currency", "valid_from")  # fmt: skip
    columns = zip(*rows, strict=True)
    return {n: np.array(c, dtype=object) for n, c in zip(names, columns, strict=True)}


def plan_value(world: World, tally: Tally, books: Books) -> Columns:
    """Return the entity `plan_value`: a plan by year, and a late forecast that came close.

    Of each account, and of the whole provider (no account), for each month of the data.
    """
    rng, months = world.rng("plan_value"), world.months
    results = np.stack([
        tally.enrollments_started.sum(axis=1), tally.completions.sum(axis=1),
        books.revenue / 100, books.net_profit / 100,
    ]).astype(float)  # fmt: skip
    yearly = results.reshape(*results.shape[:2], -1, 12).mean(axis=3).repeat(12, axis=2)
    plan = yearly * rng.normal(1.05, 0.08, (*results.shape[:2], 1))
    forecast = results * rng.normal(1.0, 0.07, results.shape)
    plan, forecast = (
        np.concatenate([part, part.sum(axis=1, keepdims=True)], axis=1) for part in (plan, forecast)
    )
    served = np.concatenate([contract_values(world) > 0, np.ones((1, len(months)), dtype=bool)])
    metric, account, month = np.nonzero(np.broadcast_to(served, (len(PLANNED), *served.shape)))
    owners = [a.account_id for a in world.truths.accounts]
    return {
        "metric_code": np.array(PLANNED, dtype=object)[metric],
        "account_id": np.array([*owners, None], dtype=object)[account],
        "month": months[month].astype("datetime64[D]"),
        "plan": money(np.rint(plan[metric, account, month] * 100)),
        "forecast": money(np.rint(forecast[metric, account, month] * 100)),
        "made_on": months[month].astype("datetime64[D]") - FORECAST_DAYS,
    }
