"""What employers agree to pay and are billed: contracts and invoice lines."""

from datetime import timedelta

import numpy as np

from .draw import Columns, money
from .journeys import CANCELLED, Journeys
from .programs import Cohorts
from .truths import Account, Truths

PRICING = ("fixed", "per_participant", "per_eligible", "per_participant")


def _terms(truths: Truths, index: int, buyer: Account) -> list[tuple]:
    """Return the contracts of one employer, one year each, until the last day is covered."""
    terms, start, value, before = [], buyer.customer_since, buyer.annual_value, None
    while start <= truths.last_day:
        contract_id = f"ctr-{buyer.account_id[4:]}-{len(terms) + 1}"
        following = start.replace(year=start.year + 1)
        end, signed = following - timedelta(days=1), start - timedelta(days=20 + 3 * index)
        terms.append(
            (contract_id, buyer.account_id, start, end, money([value * 100])[0], "USD",
             PRICING[index % len(PRICING)], index % 2 == 0, 60 if index % 3 else 90, before, signed)
        )  # fmt: skip
        start, before, value = following, contract_id, value + (value // 20 if index % 4 else 0)
    return terms


def contract(truths: Truths) -> Columns:
    """Return the entity `contract`: yearly terms, each naming the one before."""
    names = (
        "contract_id", "account_id", "starts_on", "ends_on", "annual_value", "currency",
        "pricing_model", "auto_renew", "notice_days", "previous_contract_id", "signed_on",
    )  # fmt: skip
    terms = [t for i, buyer in enumerate(truths.accounts) for t in _terms(truths, i, buyer)]
    values = dict(zip(names, zip(*terms, strict=True), strict=True))
    columns: Columns = {name: np.array(column, dtype=object) for name, column in values.items()}
    for name in ("starts_on", "ends_on", "signed_on"):
        columns[name] = columns[name].astype("datetime64[D]")
    columns["auto_renew"] = columns["auto_renew"].astype(bool)
    return columns


def invoice_line(
    truths: Truths, cohorts: Cohorts, journeys: Journeys, contracts: Columns
) -> Columns:
    """Return the entity `invoice_line`: monthly platform fee, program and coaching fees, credits.

    A program fee bills the starts of a month; a credit returns half of it for those cancelled,
    the month after.
    """
    month = cohorts.start[journeys.cohort].astype("datetime64[M]")
    starts = ~journeys.is_parked & (journeys.fate != CANCELLED)
    cancels = ~journeys.is_parked & (journeys.fate == CANCELLED)
    last = np.datetime64(truths.last_day, "M")
    found = []
    for index, buyer in enumerate(truths.accounts):
        mine = contracts["account_id"] == buyer.account_id
        since, ids = contracts["starts_on"][mine], contracts["contract_id"][mine]
        first = np.datetime64(max(buyer.customer_since, truths.first_start), "M")
        for service in np.arange(first, last + 1):
            invoiced = (service + 1).astype("datetime64[D]") - 1
            term = ids[np.searchsorted(since, invoiced, side="right") - 1]
            lines = [(None, "platform_fee", buyer.annual_value * 100 // 48, service)]
            for p, program in enumerate(truths.programs):
                here = (journeys.account == index) & (journeys.program == p)
                begun = int((here & starts & (month == service)).sum())
                gone = int((here & cancels & (month == service - 1)).sum())
                fee = program.list_price * (82 if buyer.segment == "enterprise" else 92)
                lines += [(program.program_id, "program_fee", begun * fee, service)] * (begun > 0)
                coaching = [(program.program_id, "coaching_fee", begun * 12_000, service)]
                lines += coaching * (begun > 0 and program.modality == "blended")
                credit = [(program.program_id, "credit", -gone * fee // 2, service - 1)]
                lines += credit * (gone > 0)
            head = (f"inv-{service}-{buyer.account_id[4:]}", buyer.account_id, term, invoiced)
            found += [(*head, number, *line) for number, line in enumerate(lines, start=1)]
    found.sort(key=lambda line: (line[3], line[0], line[4]))
    columns = list(zip(*found, strict=True))
    ids, buyers, terms, invoiced, numbers, programs, kinds, amounts, billed = columns
    return {
        "invoice_id": np.array(ids, dtype=object),
        "line_no": np.array(numbers),
        "account_id": np.array(buyers, dtype=object),
        "contract_id": np.array(terms, dtype=object),
        "program_id": np.array(programs, dtype=object),
        "invoiced_on": np.array(invoiced, dtype="datetime64[D]"),
        "service_month": np.array(billed, dtype="datetime64[M]").astype("datetime64[D]"),
        "revenue_type": np.array(kinds, dtype=object),
        "amount": money(np.array(amounts)),
        "currency": np.array(["USD"] * len(found), dtype=object),
    }
