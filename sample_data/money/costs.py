"""What enrollments cost directly, and what of their price is passed through."""

import numpy as np

from ..draw import Columns, money
from ..platform.block import Block
from ..platform.journeys import WITHDRAWN
from ..truths import Truths
from ..world import END, World
from .truths import MoneyTruths

CREDENTIAL_DAYS = 12  # from completing to the credential's invoice


def local_price(own: MoneyTruths, currency: str, dollars: np.ndarray) -> np.ndarray:
    """Return dollar prices in a currency at the rate of the first month, in whole units of it."""
    first = {code: rate for code, rate, _ in own.fx}.get(currency, 1.0)
    return np.rint(np.asarray(dollars) / first).astype(np.int64)


def tuition(truths: Truths, currency: str) -> np.ndarray:
    """Return the tuition per start of each program, in minor units of a currency; 0: none."""
    own = truths.money
    price = np.array([program.list_price for program in truths.programs])
    carries = np.argsort(np.argsort(-price, kind="stable"), kind="stable") < own.tuition_programs
    return local_price(own, currency, price * own.tuition_share) * 100 * carries


def direct_cost(world: World, block: Block) -> Columns:
    """Return the entity `direct_cost` of a block: what each enrollment that started cost."""
    truths, journeys = world.truths, block.journeys
    own, account = truths.money, truths.accounts[block.account]
    size = len(journeys.program)
    price = np.array([program.list_price for program in truths.programs])[journeys.program]
    fee = np.rint(price * own.provider_share * 100).astype(np.int64)
    passed_on = tuition(truths, account.currency)[journeys.program]
    starts = journeys.runs & (block.start < END)
    ends = block.start + journeys.end_day.astype("timedelta64[D]")
    completed_on = block.completed_at.astype("datetime64[D]")
    refunded = starts & (journeys.fate == WITHDRAWN) & (journeys.end_day < own.refund_days)
    kinds = (
        # mark of the id, type, who, when, minor units, currency
        ("p", "provider_fee", starts, block.start, fee, "USD"),
        ("l", "content_licence", starts, block.start, np.full(size, own.licence * 100), "USD"),
        ("r", "provider_fee", refunded, ends, -(fee // 2), "USD"),
        ("c", "credential_fee", ~np.isnat(completed_on), completed_on + CREDENTIAL_DAYS,
         np.full(size, own.credential_fee * 100), "USD"),
        ("t", "tuition_pass_through", starts & (passed_on > 0), block.start, passed_on,
         account.currency),
    )  # fmt: skip
    chosen = [np.flatnonzero(who & (day < END)) for _, _, who, day, _, _ in kinds]
    count = [len(rows) for rows in chosen]

    def each(place: int) -> np.ndarray:
        return np.repeat(np.array([kind[place] for kind in kinds], dtype=object), count)

    enrollment, marks = np.concatenate(chosen), each(0)
    ids = block.enrollment_id[enrollment]
    program_ids = np.array([program.program_id for program in truths.programs], dtype=object)
    names = [f"dc-{i}-{mark}" for i, mark in zip(ids.tolist(), marks.tolist(), strict=True)]
    amounts = [kind[4][rows] for kind, rows in zip(kinds, chosen, strict=True)]
    days = [kind[3][rows] for kind, rows in zip(kinds, chosen, strict=True)]
    columns = {
        "cost_id": np.array(names, dtype=object),
        "account_id": np.full(len(ids), account.account_id, dtype=object),
        "program_id": program_ids[journeys.program[enrollment]],
        "enrollment_id": ids,
        "cost_type": each(1),
        "incurred_on": np.concatenate(days).astype("datetime64[D]"),
        "amount": money(np.concatenate(amounts)),
        "currency": each(5),
    }
    order = np.lexsort((np.arange(len(ids)), enrollment, columns["incurred_on"]))
    return {name: column[order] for name, column in columns.items()}
