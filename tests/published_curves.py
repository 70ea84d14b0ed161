"""The published shapes of profit and revenue over accounts, as landed rows; and two currencies."""

from decimal import Decimal

from costing_tenant import Tables, merged
from published_accounts import (
    CURRENCIES,
    EIGHTY_TWENTY,
    KANTHAL,
    WHALE,
    account,
    capacity,
    cost,
    invoice,
    ledger,
    seed,
)

EURO_RATE = Decimal("1.0912")
KRONA_RATE = Decimal("0.1187")
# Number of customers and profit of all of them, in percent of the total.
WHALE_SHARES = ((30, 513), (121, 141), (87, -55), (26, -499))
WHALE_PROFIT = Decimal(107_000)
KANTHAL_PROFITS = (13_000, 9_500, *[0] * 7, -12_500)  # of 10,000


def idle(month: str) -> Tables:
    """A ledger that tells what serving cost in a month: some coaching that nobody used."""
    return {
        "ledger_expense": ledger(month, "activity", 1_000, function_code="coaching"),
        "function_capacity": capacity("coaching", month, 500, 625),
    }


def profits(month: str, name: str, amounts: list, revenues: list) -> Tables:
    """Accounts with these profits: billed so much, and the rest a direct cost."""
    parts: list[Tables] = [idle(month)]
    for number, (profit, revenue) in enumerate(zip(amounts, revenues, strict=True), start=1):
        one = f"{name}-{number:04}"
        parts += [account(one), {"invoice_line": invoice(one, month, revenue)}]
        if profit != revenue:
            parts.append({"direct_cost": cost(one, month, revenue - profit)})
    return merged(parts)


def whale() -> Tables:
    """264 customers whose groups make and lose what is printed of them, each alike to the cent."""
    amounts: list[Decimal] = []
    for customers, percent in WHALE_SHARES:
        cents = int(WHALE_PROFIT * percent)
        each, rest = divmod(cents, customers)
        amounts += [Decimal(each + (number < rest)) / 100 for number in range(customers)]
    revenues = [Decimal(10_000) + 10 * (number * 37 % 101) for number in range(len(amounts))]
    return profits(WHALE, "whale", amounts, revenues)


def kanthal() -> Tables:
    """A fifth of the customers makes 225 % of the profit, and the largest one loses most."""
    revenues = [30_000, 20_000, *range(21_000, 28_000, 1000), 90_000]
    return profits(KANTHAL, "kanthal", list(KANTHAL_PROFITS), revenues)


def eighty_twenty() -> Tables:
    """A thousand customers: 100 million by the rule of 80:20, in the rule of 80:20."""
    amounts = [
        int(group["customer_amount"])
        for group in seed("customer_groups", "eighty_twenty")
        for _ in range(int(group["customers_count"]))
    ]
    return profits(EIGHTY_TWENTY, "eighty", amounts, amounts)


def currencies() -> Tables:
    """One account is billed in euros, one in kronor whose rate of February is missing."""
    january, february = f"{CURRENCIES}-01", f"{CURRENCIES}-02"
    parts: list[Tables] = [account(name) for name in ("home", "euro", "krona")]
    for month in (january, february):
        parts += [
            idle(month),
            {"invoice_line": invoice("home", month, "500.00")},
            {"invoice_line": invoice("euro", month, "1234.565", money="EUR")},
            {"invoice_line": invoice("krona", month, "8000.00", money="SEK")},
            {"direct_cost": [*cost("euro", month, "100.00"), *cost("krona", month, "100.00")]},
        ]
    rates = [
        (january, "EUR", EURO_RATE),
        (february, "EUR", EURO_RATE),
        (january, "SEK", KRONA_RATE),
    ]
    parts.append({"fx_rate": [{"rate_month": f"{month}-01", "from_currency": money,
                               "to_currency": "USD", "rate": rate}
                              for month, money, rate in rates]})  # fmt: skip
    return merged(parts)
