"""A thousand months of money and work that have nothing to do with one another.

Each month draws its ledger, capacity, work, invoices and direct costs: functions that nobody
listed, without cost or capacity, with no practical minute, idle or overloaded; corrections below
zero; amounts of half a cent; work for nobody; months without work; rates that did not land, and
rates and capacities that landed twice; services invoiced in the month after.
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from costing_tenant import Rows, Tables, merged
from random_services import FIRST_DAY, people, services_of
from work_oracle import month_end

MONTHS = [date(1930 + number // 12, number % 12 + 1, 1) for number in range(1_000)]
LANDED = [f"a{number}" for number in range(1, 7)]
ACCOUNTS = [*LANDED, "a-lost"]  # one never landed, but others name it
FUNCTIONS = ["marketing", "coaching", "engineering", "analytics", "night_shift"]
LEVELS = ["activity", "account_sustaining", "channel", "corporate"]
# When new versions of activities and terms begin: amid a month, every third year.
CHANGES = [f"{year}-06-15" for year in range(1931, 2013, 3)]
LATE = "1950-06-10"  # when the first version of one activity begins
# A function of which each line costs a half cent: 10 minutes of 200 that cost 5.10, 5.30 ... and
# in some years 1178.85 minutes of 30 that cost 7819, which is 307247.605.
HALF_CENTS, LARGE_COST, LARGE_QUANTITY = "half_cents", Decimal(7819), "117.885"


def amount(draw: Random, largest: int = 60_000) -> Decimal:
    """Mostly whole cents, sometimes exactly half a cent or four decimals, now and then below 0."""
    cents = Decimal(draw.randrange(1, largest * 100)) / 100
    cents += draw.choice([Decimal(0)] * 3 + [Decimal("0.005"), Decimal("0.0049")])
    return -cents / 7 // Decimal("0.0001") / 10_000 if draw.random() < 0.12 else cents


def is_large(month: date) -> bool:
    return month.year % 10 == 7


def currency(draw: Random) -> str:
    return draw.choice(["USD", "USD", "USD", "EUR", "GBP"])


def activities() -> Tables:
    """Two activities a function, the long one with ever new equations; one that changes hands."""
    rows: Rows = [
        {"activity_code": "late", "function_code": "coaching", "standard_minutes": 12,
         "valid_from": LATE},
        {"activity_code": HALF_CENTS, "function_code": HALF_CENTS, "standard_minutes": 10,
         "valid_from": FIRST_DAY},
    ]  # fmt: skip
    terms: Rows = []
    for number, first_day in enumerate([FIRST_DAY, *CHANGES]):
        rows.append({"activity_code": "moved", "valid_from": first_day,
                     "function_code": ("marketing", "analytics")[number % 2],
                     "standard_minutes": 30 + number})  # fmt: skip
        for function in FUNCTIONS:
            version = {"activity_code": f"{function}_long", "valid_from": first_day}
            minutes, pages = (("90.3333", "1.125"), ("60.5", "-0.25"))[number % 2]
            rows.append(version | {"function_code": function, "standard_minutes": minutes})
            terms.append(version | {"attribute": "pages", "minutes_per_unit": pages})
    for function in FUNCTIONS:
        short = {"activity_code": f"{function}_short", "valid_from": FIRST_DAY}
        rows.append(short | {"function_code": function, "standard_minutes": "7.25"})
        terms.append(short | {"attribute": "languages", "minutes_per_unit": "15.0001"})
    return {"activity": rows, "activity_term": terms}


def money_of(draw: Random, tag: str, month: date) -> Tables:
    """Ledger, rates, invoices and direct costs of a month."""
    ledger: Rows = []
    levels = draw.choices([*LEVELS, "activity", "activity"], k=draw.choice([0, 1, 3, 5, 8]))
    spent = [name for name in FUNCTIONS if draw.random() < 0.75]
    for number, level in enumerate([*levels, *["activity"] * len(spent)]):
        day = month.replace(day=draw.choice([1, 1, 1, 28]))
        row = {"entry_id": f"{tag}-{number}", "month": day, "cost_level": level,
               "amount": amount(draw), "currency": currency(draw)}  # fmt: skip
        name = draw.choice([*FUNCTIONS, "cellar"]) if number < len(levels) else spent.pop()
        row["function_code"] = name if level == "activity" else ""
        row["account_id"] = draw.choice(ACCOUNTS) if level == "account_sustaining" else ""
        row["natural_account"] = draw.choice(["salaries", "rent", ""])
        ledger.append(row)
    half = {"entry_id": f"{tag}-half", "month": month, "cost_level": "activity",
            "function_code": HALF_CENTS, "currency": "USD",
            "amount": LARGE_COST if is_large(month)
            else Decimal(2 * draw.randrange(50, 500) + 1) / 10}  # fmt: skip
    ledger += [half] if draw.random() < 0.97 else []
    rates: Rows = [
        {"rate_month": month, "from_currency": money, "to_currency": "USD",
         "rate": Decimal(draw.randrange(50_000_000, 200_000_000)) / 10**8}
        for money in ("EUR", "GBP") if draw.random() < 0.98
    ]  # fmt: skip
    # a second rate on another day: nobody knows which of the two is right
    rates += [{**row, "rate_month": month.replace(day=15)} for row in rates
              if draw.random() < 0.01]  # fmt: skip
    invoices: Rows = []
    for number in range(draw.choice([0, 1, 3, 6])):
        kind = draw.choice(["platform_fee", "program_fee", "credit", "tuition_pass_through"])
        billed = amount(draw, 9_000)
        billed = -abs(billed) if kind == "credit" else billed
        served = month if draw.random() < 0.2 else ""
        invoices.append({"invoice_id": tag, "line_no": number, "account_id": draw.choice(ACCOUNTS),
                         "service_month": served,
                         "invoiced_on": (month_end(month) + timedelta(draw.randrange(1, 29))
                                         if served else month.replace(day=draw.randrange(1, 29))),
                         "revenue_type": kind, "amount": billed,
                         "currency": currency(draw)})  # fmt: skip
    costs: Rows = [
        {"cost_id": f"{tag}-{number}", "account_id": draw.choice(ACCOUNTS),
         "incurred_on": month.replace(day=draw.randrange(1, 29)),
         "cost_type": draw.choice(["provider_fee", "travel", "tuition_pass_through"]),
         "amount": amount(draw, 4_000), "currency": currency(draw)}
        for number in range(draw.choice([0, 0, 1, 4]))
    ]  # fmt: skip
    return {"ledger_expense": ledger, "fx_rate": rates, "invoice_line": invoices,
            "direct_cost": costs}  # fmt: skip


def work_of(draw: Random, tag: str, month: date) -> Tables:
    """Capacity, work items and their attributes in a month."""
    capacities: Rows = [{"function_code": HALF_CENTS, "month": month, "paid_minutes": 250,
                         "practical_minutes": 30 if is_large(month) else 200}]  # fmt: skip
    for function in FUNCTIONS:
        if draw.random() < 0.85:
            practical = draw.choice(["", "", "0", "900", "4000.5", f"{draw.randrange(1, 9000)}.25"])
            paid = draw.choice([0, 1_000, 5_000.5, draw.randrange(1, 12_000)])
            capacities.append({"function_code": function, "month": month, "paid_minutes": paid,
                               "practical_minutes": practical})  # fmt: skip
    capacities += [{**row, "month": month.replace(day=15)} for row in capacities
                   if draw.random() < 0.01]  # fmt: skip
    codes = [f"{function}_{kind}" for function in FUNCTIONS for kind in ("short", "long")]
    items: Rows = []
    attributes: Rows = []
    for number in range(draw.choice([0, 1, 3, 6, 9])):
        code = draw.choice([*codes, *codes, "moved", "late", "ghost", HALF_CENTS])
        item, done = f"{tag}-{number}", month.replace(day=draw.randrange(1, 29))
        quantity = draw.choice(["", "1", "3", "2.5", f"{draw.randrange(1, 60)}.0625"])
        items.append({"work_item_id": item, "activity_code": code,
                      "account_id": draw.choice([*ACCOUNTS, *ACCOUNTS, ""]),
                      "opened_at": f"{month}T00:00:00Z",
                      "closed_at": "" if draw.random() < 0.07 else f"{done}T23:59:59Z",
                      "quantity": quantity})  # fmt: skip
        if code == HALF_CENTS:
            items[-1]["quantity"] = LARGE_QUANTITY if is_large(month) else draw.choice(["", "3"])
        for attribute in draw.sample(["pages", "languages", "colours"], draw.randrange(3)):
            attributes.append({"work_item_id": item, "attribute": attribute,
                               "amount": draw.choice(["1", "4", "0.3333"])})  # fmt: skip
    return {"function_capacity": capacities, "work_item": items, "work_item_attribute": attributes}


def random_ledgers(seed: int) -> Tables:
    """The rows of the thousand months, by entity."""
    draw = Random(seed)
    tables: Tables = {"account": [{"account_id": name, "name": name} for name in LANDED]}
    parts = [activities(), people(LANDED)]
    for month in MONTHS:
        tag = f"{month:%Y%m}"
        parts += [money_of(draw, tag, month), work_of(draw, tag, month)]
        parts.append(services_of(draw, tag, month, LANDED))
    return merged([tables, *parts])
