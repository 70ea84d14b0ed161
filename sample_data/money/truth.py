"""The truth about money, for `truth.json`: amounts as decimal text to the cent, minutes whole."""

from dataclasses import asdict

import numpy as np

from ..draw import money
from ..world import World
from .books import Books
from .equation import by_function
from .truths import MoneyTruths

AMOUNTS = (
    "revenue", "pass_through", "direct_cost", "gross_profit", "cost_to_serve", "sustaining_cost",
    "net_profit",
)  # fmt: skip
# name of a period, first month, months, counted from the first month of the data
PERIODS = (
    ("all", 0, 36), ("2023-07/2024-06", 0, 12), ("2024-07/2025-06", 12, 12),
    ("2025-07/2026-06", 24, 12), ("2024", 6, 12), ("2025", 18, 12),
)  # fmt: skip


def describe(world: World, books: Books) -> dict:
    """Return the truth: parameters, accounts by month, capacity, reconciliation, whale curves."""
    own, months = world.truths.money, world.months.astype(str).tolist()
    accounts = [account.account_id for account in world.truths.accounts]
    functions = [function.code for function in own.functions]
    amounts = _amounts(books)
    owner, month = np.nonzero((amounts != 0).any(axis=0))
    owners = np.array(accounts, dtype=object)
    columns = {"account_id": owners[owner].tolist(), "month": [months[m] for m in month]}
    columns |= {name: money(part[owner, month]).tolist()
                for name, part in zip(AMOUNTS, amounts, strict=True)}  # fmt: skip
    margin = amounts[-1].sum(axis=1) / np.maximum(amounts[0].sum(axis=1), 1)
    return {
        "currency": "USD",
        "parameters": asdict(own),
        "account_months": _records(columns),
        "account_margins": dict(zip(accounts, margin.round(6).tolist(), strict=True)),
        "function_months": _capacity(books, own, functions, months),
        "reconciliation": _reconciliation(books, months),
        "periods": [_period(amounts, accounts, months, *period) for period in PERIODS],
    }


def _amounts(books: Books) -> np.ndarray:
    """Return the amounts [amount, account, month] in cents."""
    gross = books.revenue - books.direct
    sustaining = books.sustaining.sum(axis=0)
    return np.stack([
        books.revenue, books.pass_through, books.direct, gross, books.cost_to_serve, sustaining,
        books.net_profit,
    ])  # fmt: skip


def _capacity(
    books: Books, own: MoneyTruths, functions: list[str], months: list[str]
) -> list[dict]:
    """Return a record per function and month; unused cost is what no line was assigned."""
    used = by_function(own, books.minutes.sum(axis=0))
    assigned = by_function(own, books.work[:-1].sum(axis=0))
    internal = by_function(own, books.work[-1])
    cost = books.capacity_cost
    function, month = np.indices(used.shape).reshape(2, -1)
    amounts = {"cost": cost, "assigned": assigned, "internal": internal,
               "unused_cost": cost - assigned - internal}  # fmt: skip
    minutes = {"practical_minutes": books.practical, "used_minutes": used,
               "unused_minutes": books.practical - used}  # fmt: skip
    columns = {"function_code": [functions[f] for f in function],
               "month": [months[m] for m in month]}  # fmt: skip
    columns |= {name: values.ravel().tolist() for name, values in minutes.items()}
    columns |= {name: money(values.ravel()).tolist() for name, values in amounts.items()}
    columns["rate_per_minute"] = [f"{rate / 10_000:.4f}" for rate in books.rates.ravel()]
    return _records(columns)


def _reconciliation(books: Books, months: list[str]) -> list[dict]:
    """Return a record per month: the ledger is assigned + unused + sustaining + unallocated.

    Internal work is within what is assigned, and named.
    """
    assigned, internal = books.work.sum(axis=(0, 1)), books.work[-1].sum(axis=0)
    sustaining, unallocated = books.sustaining.sum(axis=(0, 1)), books.pools.sum(axis=0)
    cost = books.capacity_cost.sum(axis=0)
    amounts = {
        "ledger": cost + sustaining + unallocated,
        "assigned": assigned,
        "internal": internal,
        "unused": cost - assigned,
        "sustaining": sustaining,
        "unallocated": unallocated,
    }
    columns = {"month": months}
    columns |= {name: money(values).tolist() for name, values in amounts.items()}
    return _records(columns)


def _period(amounts, accounts: list[str], months: list[str], name: str, first: int, size: int):
    """Return the whale curve of a period: accounts from the most to the least profitable.

    An account is in it if any of its amounts in the period is not zero; ties go by account id.
    Where nothing was earned in all, there is no share.
    """
    total = amounts[:, :, first : first + size].sum(axis=2)
    there = np.flatnonzero((total != 0).any(axis=0))
    order = sorted(there.tolist(), key=lambda a: (-total[-1, a], accounts[a]))
    profit = total[-1, order]
    cumulative = np.cumsum(profit)
    peak, has_profit = int(np.argmax(cumulative)), bool(cumulative[-1] > 0)
    columns = {"rank": list(range(1, len(order) + 1)), "account_id": [accounts[a] for a in order]}
    columns |= {label: money(total[i, order]).tolist() for i, label in enumerate(AMOUNTS)}
    columns["cumulative_profit"] = money(cumulative).tolist()
    return {
        "period": name,
        "first_month": months[first],
        "last_month": months[first + size - 1],
        "accounts_count": len(order),
        "unprofitable_accounts_count": int((profit < 0).sum()),
        "revenue": money(total[:1, order].sum(axis=1))[0],
        "profit": money(cumulative[-1:])[0],
        "peak_profit": money(cumulative[[peak]])[0],
        "peak_rank": peak + 1,
        "peak_profit_share": round(float(cumulative[peak] / cumulative[-1]), 8)
        if has_profit
        else None,
        "erosion": money(cumulative[[peak]] - cumulative[-1])[0],
        "curve": _records(columns),
    }


def _records(columns: dict[str, list]) -> list[dict]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
