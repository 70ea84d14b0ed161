"""The general ledger, working time, exchange rates, and what accounts cost directly, as landed."""

import numpy as np

from ..draw import Columns, money
from ..world import World
from .books import Books
from .equation import UNIT, currencies

WORKDAY = 480  # minutes


def ledger_expense(world: World, books: Books) -> Columns:
    """Return the entity `ledger_expense`: USD, by month and level, of several natural accounts.

    The last natural account of a function takes what rounding leaves, so that a function's
    entries of a month add up to its capacity cost.
    """
    own, months = world.truths.money, world.months
    shares = np.array([share for _, share in own.natural_shares])[:, None, None]
    parts = np.rint(books.capacity_cost * shares / shares.sum()).astype(np.int64)
    parts[-1] = books.capacity_cost - parts[:-1].sum(axis=0)
    functions = [function.code for function in own.functions]
    accounts = [account.account_id for account in world.truths.accounts]
    rows = []

    def book(level: str, natural: list[str], owners: list, amounts: np.ndarray) -> None:
        for n, owner, month in zip(*np.nonzero(amounts), strict=True):
            short = owners[owner] or ""
            entry = f"gl-{months[month]}-{natural[n]}-{short.removeprefix('acc-')}".rstrip("-")
            place = (short or None) if level == "activity" else None
            buyer = (short or None) if level == "account_sustaining" else None
            rows.append((entry, month, level, place, buyer, natural[n], amounts[n, owner, month]))

    book("activity", [name for name, _ in own.natural_shares], functions, parts)
    book("account_sustaining", [name for name, _, _ in own.sustaining], accounts, books.sustaining)
    cut = len(own.channel)
    book("channel", [name for name, _ in own.channel], [None], books.pools[:cut, None])
    book("corporate", [name for name, _ in own.corporate], [None], books.pools[cut:, None])
    rows.sort(key=lambda row: (row[1], row[0]))
    entry, month, level, function, account, natural, amount = zip(*rows, strict=True)
    return {
        "entry_id": np.array(entry, dtype=object),
        "month": months[np.array(month)].astype("datetime64[D]"),
        "cost_level": np.array(level, dtype=object),
        "function_code": np.array(function, dtype=object),
        "account_id": np.array(account, dtype=object),
        "natural_account": np.array(natural, dtype=object),
        "amount": money(np.array(amount)),
        "currency": np.full(len(rows), "USD", dtype=object),
    }


def function_capacity(world: World, books: Books) -> Columns:
    """Return the entity `function_capacity`: practical minutes only where they are measured."""
    codes = np.array([function.code for function in world.truths.money.functions], dtype=object)
    months = world.months
    workdays = np.busday_count(months.astype("datetime64[D]"), (months + 1).astype("datetime64[D]"))
    month, function = np.indices(books.practical.T.shape).reshape(2, -1)
    paid = books.paid[function, month]
    practical = books.practical[function, month].astype(object)
    practical[~books.is_measured[function, month]] = None
    staff = paid / (workdays[month] * WORKDAY)
    return {
        "function_code": codes[function],
        "month": months[month].astype("datetime64[D]"),
        "headcount": np.array([f"{people:.1f}" for people in staff], dtype=object),
        "paid_minutes": paid,
        "practical_minutes": practical,
    }


def fx_rate(world: World, books: Books) -> Columns:
    """Return the entity `fx_rate`: every month, to USD and back; the way back is rounded."""
    names = currencies(world.truths.money)
    rows = []
    for number, name in enumerate(names[1:], start=1):
        for month, rate in zip(world.months, books.fx[number].tolist(), strict=True):
            rows.append((month, name, "USD", f"{rate // UNIT}.{rate % UNIT:04d}"))
            rows.append((month, "USD", name, f"{UNIT / rate:.8f}"))
    rows.sort(key=lambda row: row[:3])
    month, source, target, rate = zip(*rows, strict=True)
    return {
        "rate_month": np.array(month, dtype="datetime64[M]").astype("datetime64[D]"),
        "from_currency": np.array(source, dtype=object),
        "to_currency": np.array(target, dtype=object),
        "rate": np.array(rate, dtype=object),
    }


def account_direct_cost(world: World, books: Books) -> Columns:
    """Return rows of the entity `direct_cost` for accounts: travel and delivery, as they paid."""
    accounts = world.truths.accounts
    kind, account, month = np.nonzero(books.local_direct)
    order = np.lexsort((kind, account, month))
    kind, account, month = kind[order], account[order], month[order]
    names = ("travel", "delivery")
    days = (world.months[month] + 1).astype("datetime64[D]") - np.array([9, 1])[kind]
    ids = [f"dc-{world.months[m]}-{accounts[a].account_id.removeprefix('acc-')}-{names[k]}"
           for k, a, m in zip(kind, account, month, strict=True)]  # fmt: skip
    nothing = np.full(len(ids), None, dtype=object)
    return {
        "cost_id": np.array(ids, dtype=object),
        "account_id": np.array([a.account_id for a in accounts], dtype=object)[account],
        "program_id": nothing,
        "enrollment_id": nothing,
        "cost_type": np.array(names, dtype=object)[kind],
        "incurred_on": days,
        "amount": money(books.local_direct[kind, account, month]),
        "currency": np.array([a.currency for a in accounts], dtype=object)[account],
    }
