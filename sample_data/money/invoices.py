"""What employers are billed: lines of monthly invoices, in the contract's currency."""

from dataclasses import dataclass

import numpy as np

from ..draw import Columns, money
from ..world import Tally, World
from .costs import local_price
from .equation import currencies, to_usd
from .tally import MoneyTally

TYPES = ("platform_fee", "program_fee", "coaching_fee", "tuition_pass_through", "credit")
PLATFORM, PROGRAM, COACHING, TUITION, CREDIT = range(5)


@dataclass(frozen=True)
class Bills:
    """One entry per invoice line in every array, in the order of the invoices."""

    account: np.ndarray  # index
    program: np.ndarray  # index; -1: none
    kind: np.ndarray  # index into TYPES
    service: np.ndarray  # month index
    invoiced: np.ndarray  # month index; invoices are written on its last day
    amount: np.ndarray  # minor units of the account's currency
    usd: np.ndarray  # cents, at the rate of the service month

    def by_month(self, shape: tuple[int, int], is_passed_through: bool) -> np.ndarray:
        """Return USD cents [account, service month], of tuition passed through or of the rest."""
        total, chosen = np.zeros(shape, dtype=np.int64), (self.kind == TUITION) == is_passed_through
        np.add.at(total, (self.account[chosen], self.service[chosen]), self.usd[chosen])
        return total


def terms(world: World) -> np.ndarray:
    """Return the index of the contract that covers each month's last day [account, month], or -1"""
    ends = (world.months + 1).astype("datetime64[D]") - 1
    term = np.full((len(world.truths.accounts), len(ends)), -1)
    for index, row in enumerate(world.contracts.rows):
        covers = (ends >= np.datetime64(row.starts_on)) & (ends <= np.datetime64(row.ends_on))
        term[row.account, covers] = index
    return term


def contract_values(world: World) -> np.ndarray:
    """Return the annual value in force [account, month], in minor units; 0: not served."""
    values = np.array([*(row.annual_value for row in world.contracts.rows), 0])
    return values[terms(world)]


def draw_bills(world: World, tally: Tally, money_tally: MoneyTally, rates: np.ndarray) -> Bills:
    """Bill platform fees by contract, program fees by start, tuition as it was passed on.

    A booking cancelled before its start is billed with the others, and partly credited a month
    later.
    """
    truths, last = world.truths, len(world.months) - 1
    own, accounts, programs = truths.money, truths.accounts, truths.programs
    share = dict(own.program_fee)
    price = np.array([program.list_price for program in programs])
    guided = np.array([program.modality != "online" for program in programs])
    fee = np.array([local_price(own, a.currency, price * share[a.segment]) for a in accounts]) * 100
    lesson = np.array([local_price(own, a.currency, own.coaching_fee) for a in accounts]) * 100
    cancelled = tally.enrollments_cancelled
    started = tally.enrollments_started
    credited = np.rint(cancelled * fee[:, :, None] * own.credit_share).astype(np.int64)
    parts = [_lines(PROGRAM, (started + cancelled) * fee[:, :, None])]
    parts += [_lines(COACHING, started * guided[:, None] * lesson[:, None, None])]
    parts += [_lines(TUITION, money_tally.tuition)]
    parts += [_lines(CREDIT, -credited, later=1)]
    account, month = np.nonzero(value := contract_values(world))
    fees = np.rint(value[account, month] * own.platform_share / 12).astype(np.int64)
    parts += [(account, account * 0 - 1, account * 0 + PLATFORM, month, month, fees)]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    account, program, kind, _, invoiced, _ = columns
    order = np.lexsort((program, kind, account, invoiced))
    order = order[invoiced[order] <= last]
    columns = [column[order] for column in columns]
    names = currencies(own)
    currency = np.array([names.index(a.currency) for a in accounts])[columns[0]]
    return Bills(*columns, to_usd(columns[5], rates[currency, columns[3]]))


def _lines(kind: int, amounts: np.ndarray, later: int = 0) -> tuple[np.ndarray, ...]:
    """Return a line for each amount [account, program, month] that is not nothing."""
    account, program, month = np.nonzero(amounts)
    same = account * 0
    return account, program, same + kind, month, month + later, amounts[account, program, month]


def invoice_line(world: World, bills: Bills) -> Columns:
    """Return the entity `invoice_line`.

    Platform fees leave the service month empty: it is the month of the invoice.
    """
    accounts, rows = world.truths.accounts, world.contracts.rows
    short = np.array([a.account_id.removeprefix("acc-") for a in accounts], dtype=object)
    currency = np.array([a.currency for a in accounts], dtype=object)
    account_id = np.array([a.account_id for a in accounts], dtype=object)
    programs = [program.program_id for program in world.truths.programs]
    contracts = [row.contract_id for row in rows]
    months = world.months.astype(str)
    numbers = bills.invoiced * len(accounts) + bills.account
    _, first, place = np.unique(numbers, return_index=True, return_inverse=True)
    service = world.months[bills.service].astype("datetime64[D]")
    service[bills.kind == PLATFORM] = np.datetime64("NaT")
    ids = [
        f"inv-{months[m]}-{short[a]}" for m, a in zip(bills.invoiced, bills.account, strict=True)
    ]
    return {
        "invoice_id": np.array(ids, dtype=object),
        "line_no": np.arange(len(ids)) - first[place] + 1,
        "account_id": account_id[bills.account],
        "contract_id": np.array([*contracts, None], dtype=object)[
            terms(world)[bills.account, bills.invoiced]
        ],
        "program_id": np.array([*programs, None], dtype=object)[bills.program],
        "invoiced_on": (world.months[bills.invoiced] + 1).astype("datetime64[D]") - 1,
        "service_month": service,
        "revenue_type": np.array(TYPES, dtype=object)[bills.kind],
        "amount": money(bills.amount),
        "currency": currency[bills.account],
    }
