"""Reports to accounts: due, delivered, opened, acted on, doubted."""

from typing import TYPE_CHECKING

import numpy as np

from ..draw import Columns
from .people import Contacts
from .rows import at_work, chance, table

if TYPE_CHECKING:
    from ..world import World

REPORTS = (  # code, every so many months, role, due on which day of the month after
    ("program_progress", 1, "program_owner", 5),
    ("workforce_outcomes", 3, "hr_leader", 9),
    ("executive_summary", 1, "executive_sponsor", 9),
)
HOUR = np.timedelta64(3_600, "s")


def report_delivery(world: "World", contacts: Contacts) -> Columns:
    """Return the entity `report_delivery`: reports about a month, sent in the month after.

    The new sponsor of the account with a sponsor change opens none while confidence is held low.
    """
    rng, rows = world.rng("report_delivery"), []
    after = np.datetime64(world.last_day, "s") + 86_400
    for month, start in enumerate(world.months):
        for account in np.flatnonzero(world.contracts.served[:, month]).tolist():
            for code, every, role, day in REPORTS:
                if month % every:
                    continue
                due = start.astype("datetime64[D]") + day
                due_at = due.astype("datetime64[s]") + 17 * HOUR
                for who in contacts.at(due, account, role)[:2]:
                    times = _fate(world, rng, role, account, month, due_at)
                    known = [None if at is None or at >= after else at for at in times[:3]]
                    rows.append(
                        (f"rd-{len(rows) + 1:05d}", code, f"rel-{start - 1}",
                         world.truths.accounts[account].account_id, contacts.contact_id[who],
                         role, due_at, *known, times[3] and known[1] is not None)
                    )  # fmt: skip
    names = (
        "delivery_id report_code release_id account_id contact_id chain_role due_at delivered_at "
        "opened_at acted_at disputed"
    )
    return table(names, rows)


def _fate(world: "World", rng, role: str, account: int, month: int, due_at) -> tuple:
    """Return when a report is delivered, opened, acted on, and whether a number is doubted."""
    own, draws = world.truths.stakeholders, rng.random(5)
    mood = world.chain.confidence[role][account, month]
    late = draws[0] >= own.report_on_time_share
    hours = int(rng.integers(4, 120)) if late else -int(rng.integers(1, 60))
    delivered = due_at + hours * HOUR
    change = world.chain.change
    is_new = change is not None and role == "executive_sponsor" and account == change[0]
    is_new = is_new and 0 <= month - change[1] < own.sponsor_months
    if is_new or draws[1] >= chance(own.report_opened_share, own.engaged_per_10, mood):
        return delivered, None, None, False
    opened = delivered + int(1 + rng.exponential(40)) * HOUR
    acted = at_work(rng, opened + int(24 + rng.exponential(120)) * HOUR)
    acts = draws[2] < own.report_acted_share
    return delivered, opened, acted if acts else None, bool(draws[3] < own.report_disputed_share)
