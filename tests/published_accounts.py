"""The published cases of costing as landed rows: each in a year and with accounts of its own.

Their numbers are the seeds in seeds/reference/; what is not printed there is said here.
"""

import csv
from decimal import Decimal
from itertools import count

from costing_tenant import Rows, Tables, merged

from orchestration.settings import PROJECT_DIR

MEASURED, SHARE = "2010-01", "2010-02"  # the customer-service department, twice
FIVE, HIERARCHY, KANTHAL, WHALE, EIGHTY_TWENTY, CURRENCIES = (
    "2011-03", "2012-05", "2013-06", "2014-07", "2015-08", "2016",
)  # fmt: skip
LAST = "2017-01"  # the last month with work: months after it are not counted as closed
PAID_MINUTES = 875_000  # of which 0.80 are the 700,000 that are printed
CHANNEL_COSTS = {"wholesale": 37_000_000, "retail": 8_000_000}
NUMBER = count(1)


def seed(name: str, study: str) -> list[dict[str, str]]:
    """The rows of one study in a seed of published input."""
    with (PROJECT_DIR / "seeds" / "reference" / f"reference_{name}.csv").open() as file:
        return [row for row in csv.DictReader(file) if row["study_code"] == study]


def account(name: str) -> Tables:
    return {"account": [{"account_id": name, "name": name, "customer_since": "2000-01-01"}]}


def invoice(name: str, month: str, amount: object, kind: str = "program_fee", money="USD") -> Rows:
    row = {"invoice_id": f"i{next(NUMBER)}", "line_no": 1, "account_id": name}
    return [row | {"invoiced_on": f"{month}-28", "revenue_type": kind, "amount": amount,
                   "currency": money}]  # fmt: skip


def cost(name: str, month: str, amount: object, kind: str = "provider_fee") -> Rows:
    return [{"cost_id": f"c{next(NUMBER)}", "account_id": name, "incurred_on": f"{month}-28",
             "cost_type": kind, "amount": amount, "currency": "USD"}]  # fmt: skip


def activity(code: str, function: str, minutes: object) -> Rows:
    return [{"activity_code": code, "function_code": function, "standard_minutes": minutes,
             "valid_from": "2000-01-01"}]  # fmt: skip


def work(name: str, month: str, code: str, quantity: object) -> Rows:
    return [{"work_item_id": f"w{next(NUMBER)}", "account_id": name, "activity_code": code,
             "opened_at": f"{month}-10T08:00:00Z", "closed_at": f"{month}-20T08:00:00Z",
             "quantity": quantity}]  # fmt: skip


def ledger(month: str, level: str, amount: object, **more: object) -> Rows:
    row = {"entry_id": f"l{next(NUMBER)}", "month": f"{month}-01", "cost_level": level}
    return [row | {"amount": amount, "currency": "USD", **more}]


def capacity(function: str, month: str, practical: object, paid: object) -> Rows:
    return [{"function_code": function, "month": f"{month}-01", "paid_minutes": paid,
             "practical_minutes": practical}]  # fmt: skip


def customer_service() -> Tables:
    """The department of Kaplan and Anderson, with practical minutes and with paid ones only."""
    (department,) = seed("departments", "customer_service")
    function, salaries = "customer_service", 400_000
    rest = int(department["cost_amount"]) - salaries
    measured = (department["practical_minutes"], department["practical_minutes"])
    parts = [account("served")]
    for month, minutes in ((MEASURED, measured), (SHARE, ("", PAID_MINUTES))):
        parts += [{"ledger_expense": ledger(month, "activity", amount, function_code=function)}
                  for amount in (salaries, rest)]  # fmt: skip
        parts.append({"function_capacity": capacity(function, month, *minutes)})
    for row in seed("activities", "customer_service"):
        code, quantity = row["activity_code"], row["quantity"]
        parts.append({"activity": activity(code, function, row["minutes_per_unit"])})
        parts += [{"work_item": work("served", month, code, quantity)}
                  for month in (MEASURED, SHARE)]  # fmt: skip
    return merged(parts)


def last_month() -> Tables:
    """Some work in a month of its own, that is over by the latest landed day."""
    return {
        "invoice_line": invoice("served", "2017-02", 100),
        "work_item": work("served", LAST, "orders", 10),
        "ledger_expense": ledger(LAST, "activity", 700, function_code="customer_service"),
        "function_capacity": capacity("customer_service", LAST, 700, 700),
    }


def five_customers() -> Tables:
    """Spring Distribution: a function whose minute costs one dollar."""
    minutes = {"orders": 100, "visits": 80, "delivery_miles": 0, "handling": "0.5",
               "expediting": 300}  # fmt: skip
    parts: list[Tables] = [account(name) for name in "pqrst"]
    parts += [
        {"activity": activity(f"spring_{code}", "distribution", each)}
        for code, each in minutes.items()
    ]
    parts.append({
        "activity_term": [{"activity_code": "spring_delivery_miles", "attribute": "miles",
                           "minutes_per_unit": 2, "valid_from": "2000-01-01"}],
        "ledger_expense": ledger(FIVE, "activity", 80_000, function_code="distribution"),
        "function_capacity": capacity("distribution", FIVE, 80_000, 100_000),
    })  # fmt: skip
    for row in seed("customer_lines", "five_customers"):
        name, line, quantity = row["customer_code"], row["line_code"], row["quantity"]
        amount = Decimal(quantity) * Decimal(row["unit_amount"])
        if line == "sales":
            parts.append({"invoice_line": invoice(name, FIVE, amount)})
        elif line == "goods":
            parts.append({"direct_cost": cost(name, FIVE, -amount)})
        elif line == "delivery_miles":
            item = work(name, FIVE, f"spring_{line}", 1)
            miles = {"work_item_id": item[0]["work_item_id"], "attribute": "miles"}
            parts.append({"work_item": item, "work_item_attribute": [miles | {"amount": quantity}]})
        else:
            parts.append({"work_item": work(name, FIVE, f"spring_{line}", quantity)})
    return merged(parts)


def cost_hierarchy() -> Tables:
    """Four customers in two channels, in thousands; a minute of sales support costs a thousand."""
    support, parts = 0, []
    for line in ("orders", "visits"):
        parts.append({"activity": activity(f"sales_{line}", "sales_support", 1)})
    for row in seed("customer_lines", "cost_hierarchy"):
        name, line, thousands = row["customer_code"], row["line_code"], int(row["quantity"])
        if line == "sales":
            parts += [account(name), {"invoice_line": invoice(name, HIERARCHY, thousands * 1000)}]
        elif line == "discount":
            parts.append({"invoice_line": invoice(name, HIERARCHY, -thousands * 1000, "credit")})
        elif line in ("orders", "visits"):
            support += thousands
            parts.append({"work_item": work(name, HIERARCHY, f"sales_{line}", thousands)})
        else:
            kind = "delivery" if line == "delivery" else "provider_fee"
            parts.append({"direct_cost": cost(name, HIERARCHY, thousands * 1000, kind)})
    entries = ledger(HIERARCHY, "activity", support * 1000, function_code="sales_support")
    for channel, amount in CHANNEL_COSTS.items():
        entries += ledger(HIERARCHY, "channel", amount, natural_account=channel)
    minutes = capacity("sales_support", HIERARCHY, support, support)
    return merged([*parts, {"ledger_expense": entries, "function_capacity": minutes}])
