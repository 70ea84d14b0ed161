"""The entities of money and work that are not of a block of people, and their truth."""

from ..draw import Columns
from ..world import Tally, World
from .books import keep_books
from .employer import employer_cost, plan_value, value_parameter
from .incidents import content_release, platform_incident
from .invoices import invoice_line
from .ledger import account_direct_cost, function_capacity, fx_rate, ledger_expense
from .tally import MoneyTally
from .truth import describe
from .work import activity, activity_term, work_item, work_item_attribute


def account_tables(world: World, tally: Tally, money_tally: MoneyTally) -> dict[str, Columns]:
    """Return all entities of this package that are not of a block; direct costs are further rows.

    Both tallies must have seen all blocks.
    """
    own, books = world.truths.money, keep_books(world, tally, money_tally)
    return {
        "activity": activity(own),
        "activity_term": activity_term(own),
        "work_item": work_item(world, books),
        "work_item_attribute": work_item_attribute(world, books),
        "function_capacity": function_capacity(world, books),
        "platform_incident": platform_incident(world),
        "content_release": content_release(world),
        "invoice_line": invoice_line(world, books.bills),
        "direct_cost": account_direct_cost(world, books),
        "ledger_expense": ledger_expense(world, books),
        "fx_rate": fx_rate(world, books),
        "employer_cost": employer_cost(world, tally, books),
        "value_parameter": value_parameter(world),
        "plan_value": plan_value(world, tally, books),
    }


def truth(world: World, tally: Tally, money_tally: MoneyTally) -> dict:
    """Return the truth about money and work, for `truth.json`."""
    return describe(world, keep_books(world, tally, money_tally))
