"""The entities that nobody's journey changes: accounts, programs, cohorts, work, campaigns."""

import numpy as np

from .accounts import Account
from .draw import Columns, choose
from .programs import Assignments, Program
from .world import World

RENAMED = ("acc-orrelle", "Orrelle Networks", "2025-07-01")
CHANNELS = (
    ("email", "Learn on work time: what is new this season", 4_000),
    ("event", "Open house with alumni", 9_000),
    ("web", "Program finder", 6_000),
    ("manager", "A word from your manager", 1_500),
    ("referral", "Bring a colleague", 2_500),
    ("mail", "Letter to the home address", 7_000),
)


def account(accounts: tuple[Account, ...]) -> Columns:
    """Return the entity `account`: a row per employer, and a second version of the one renamed."""
    versions = [(a, a.name, None) for a in accounts]
    versions += [(a, *RENAMED[1:]) for a in accounts if a.account_id == RENAMED[0]]
    return _table(
        account_id=[a.account_id for a, _, _ in versions],
        parent_account_id=[a.parent_account_id for a, _, _ in versions],
        name=[name for _, name, _ in versions],
        industry=[a.industry for a, _, _ in versions],
        segment=[a.segment for a, _, _ in versions],
        region=[a.region for a, _, _ in versions],
        timezone=[a.timezone for a, _, _ in versions],
        fiscal_year_start_month=[a.fiscal_year_start_month for a, _, _ in versions],
        reporting_currency=[a.currency for a, _, _ in versions],
        customer_since=[a.customer_since.isoformat() for a, _, _ in versions],
        effective_from=[since for _, _, since in versions],
    )


def program(programs: tuple[Program, ...]) -> Columns:
    """Return the entity `program`."""
    return _table(
        program_id=[p.program_id for p in programs],
        title=[p.title for p in programs],
        field=[p.field for p in programs],
        credential_type=[p.credential_type for p in programs],
        planned_weeks=[p.weeks for p in programs],
        modality=[p.modality for p in programs],
        list_price=[f"{p.list_price}.00" for p in programs],
        currency=["USD"] * len(programs),
        partner_id=["par-guildmark" if i % 4 == 3 else None for i in range(len(programs))],
        launched_on=[p.launched_on.isoformat() for p in programs],
        retired_on=[None] * len(programs),
    )


def cohort(world: World) -> Columns:
    """Return the entity `cohort`."""
    cohorts = world.cohorts
    accounts = [*(a.account_id for a in world.truths.accounts), None]  # -1 is the last
    programs = np.array([p.program_id for p in world.truths.programs], dtype=object)
    seats = np.maximum(1, np.array([40, 60, 80]) * max(1, round(world.scale)))
    return {
        "cohort_id": cohorts.cohort_id,
        "program_id": programs[cohorts.program],
        "account_id": np.array(accounts, dtype=object)[cohorts.account],
        "start_date": cohorts.start,
        "end_date": cohorts.end,
        "capacity": choose(world.rng("cohort"), seats, (1, 2, 1), len(cohorts.start)),
    }


def assignment(programs: tuple[Program, ...], work: Assignments) -> Columns:
    """Return the entity `assignment`."""
    program_ids = np.array([p.program_id for p in programs], dtype=object)
    return {
        "assignment_id": work.assignment_id,
        "program_id": program_ids[work.program],
        "cohort_id": np.full(len(work.due_day), None, dtype=object),
        "assignment_type": work.kind,
        "title": work.title,
        "due_day": work.due_day,
        "weight": work.weight,
    }


def campaign(world: World) -> Columns:
    """Return the entity `campaign`: each channel once a quarter for all, and one for each account.

    A campaign of an account is its welcome: mails to all, in its first six months.
    """
    accounts = world.truths.accounts
    quarters = world.months[::3].astype("datetime64[D]")
    of_all = [(q, channel) for q in quarters for channel in CHANNELS]
    welcome = [max(np.datetime64(a.customer_since), quarters[0]) for a in accounts]
    rows = [
        (campaign_id(q, c[0]), c[1], c[0], None, q, (q.astype("datetime64[M]") + 3), c[2], "USD")
        for q, c in of_all
    ] + [
        (f"cam-{a.account_id[4:]}-welcome", f"Welcome, {a.name}", "email", a.account_id, day,
         day.astype("datetime64[M]") + 6, 500 + a.workers, a.currency)
        for a, day in zip(accounts, welcome, strict=True)
    ]  # fmt: skip
    names = ("campaign_id", "title", "channel", "account_id", "started_on", "ended_on", "budget",
             "currency")  # fmt: skip
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    columns["started_on"] = [str(day) for day in columns["started_on"]]
    columns["ended_on"] = [str(m.astype("datetime64[D]") - 1) for m in columns["ended_on"]]
    columns["budget"] = [f"{amount}.00" for amount in columns["budget"]]
    return _table(**columns)


def campaign_id(quarter: np.datetime64, channel: str) -> str:
    """Return the identifier of a channel's campaign in the quarter that begins on a day."""
    month = quarter.astype("datetime64[M]").astype(object)
    return f"cam-{channel}-{month.year}q{(month.month + 2) // 3}"


def _table(**columns: list) -> Columns:
    return {name: np.array(values, dtype=object) for name, values in columns.items()}
