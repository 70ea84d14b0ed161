"""The employers that buy, their contracts, and what they are billed."""

import numpy as np

from .draw import Columns, money
from .journeys import CANCELLED, Journeys
from .programs import Cohorts
from .truths import Account, Truths

RENAMED = ("acc-orrelle", "Orrelle Networks", "2025-07-01")
CONTRACT_DAYS = 365
PRICING = ("fixed", "per_participant", "per_eligible", "per_participant")


def account(truths: Truths) -> Columns:
    """Return the entity `account`: a row per employer, and a second version of the one renamed."""
    versions = [(a, a.name, None) for a in truths.accounts]
    versions += [(a, *RENAMED[1:]) for a in truths.accounts if a.account_id == RENAMED[0]]
    columns = {
        "account_id": [a.account_id for a, _, _ in versions],
        "parent_account_id": [a.parent_account_id for a, _, _ in versions],
        "name": [name for _, name, _ in versions],
        "industry": [a.industry for a, _, _ in versions],
        "segment": [a.segment for a, _, _ in versions],
        "region": [a.region for a, _, _ in versions],
        "timezone": [a.timezone for a, _, _ in versions],
        "fiscal_year_start_month": [a.fiscal_year_start_month for a, _, _ in versions],
        "reporting_currency": ["USD"] * len(versions),
        "customer_since": [a.customer_since.isoformat() for a, _, _ in versions],
        "effective_from": [since for _, _, since in versions],
    }
    return {name: np.array(values, dtype=object) for name, values in columns.items()}


def _terms(truths: Truths, index: int, buyer: Account) -> list[tuple]:
    """Return the contracts of one employer, one year each, until the last day is covered."""
    terms, start, value, before = [], np.datetime64(buyer.customer_since), buyer.annual_value, None
    while start <= np.datetime64(truths.last_day):
        contract_id = f"ctr-{buyer.account_id[4:]}-{len(terms) + 1}"
        end, signed = start + CONTRACT_DAYS - 1, start - 20 - 3 * index
        terms.append(
            (contract_id, buyer.account_id, start, end, money([value * 100])[0], "USD",
             PRICING[index % len(PRICING)], index % 2 == 0, 60 if index % 3 else 90, before, signed)
        )  # fmt: skip
        start, before, value = end + 1, contract_id, value + (value // 20 if index % 4 else 0)
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


def invoice_line(truths: Truths, cohorts: Cohorts, journeys: Journeys, contracts: Columns) -> Columns:
    """Return the entity `invoice_line`: monthly platform fee, program and coaching fees, credits.

    A program fee bills the starts of the month; a credit of half the fee, the month after, the cancelled.
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
            invoice = f"inv-{service}-{buyer.account_id[4:]}"
            found += [(invoice, n, buyer.account_id, term, program_id, invoiced, billed, kind, amount)
                      for n, (program_id, kind, amount, billed) in enumerate(lines, start=1)]  # fmt: skip
    found.sort(key=lambda line: (line[5], line[0], line[1]))
    ids, numbers, buyers, terms, programs, invoiced, billed, kinds, amounts = zip(*found, strict=True)
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
