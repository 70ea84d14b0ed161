"""What participants ask support for."""

import numpy as np

from ..draw import Columns, choose, seconds
from ..platform.block import Block
from ..world import END, World

SEVERITIES, SEVERITY_SHARES = ("low", "normal", "high"), (0.30, 0.56, 0.14)
DUE_HOURS = (96, 48, 24)
RESPONSE_HOURS, RESOLVE_HOURS = 2.6, 13.0  # typical
CSAT_SHARE = 0.45  # of resolved tickets


def support_ticket(world: World, block: Block) -> Columns:
    """Return the entity `support_ticket` of a block: a row per ticket, as it stood on the last day.

    How many an enrollment brings depends on the category and on what holds its account back.
    """
    own, account = world.truths.money, world.truths.accounts[block.account]
    rng = world.rng("support_ticket", block.number)
    categories = np.array([name for name, _ in own.tickets], dtype=object)
    mean = np.array([count for _, count in own.tickets])
    if account.bottleneck == "failed_logins":
        mean = np.where(categories == "login", mean * own.login_factor, mean)
    if account.bottleneck == "irrelevant_content":
        mean = np.where(categories == "content", mean * own.content_factor, mean)
    runs = ~block.journeys.is_parked
    count = rng.poisson(mean, (len(runs), len(mean))) * runs[:, None]
    enrollment = np.repeat(np.arange(len(runs)), count.sum(axis=1))
    category = np.repeat(np.tile(np.arange(len(mean)), len(runs)), count.ravel())
    size = len(enrollment)

    longest = np.maximum(block.journeys.end_day[enrollment], 14)
    skewed = rng.random(size) ** np.where(categories[category] == "login", 3, 1.2)  # logins: early
    day = np.floor(-5 + skewed * (longest + 5)).astype("timedelta64[D]")
    opened_at = seconds(block.start[enrollment] + day, rng.integers(11 * 3_600, 86_400, size))
    severity = choose(rng, range(3), SEVERITY_SHARES, size)
    due = np.array(DUE_HOURS)[severity]
    answer = rng.lognormal(np.log(RESPONSE_HOURS), 0.9, size) * due / 48
    solve = answer + rng.lognormal(np.log(RESOLVE_HOURS), 0.9, size) * (due / 48) ** 0.7
    reopened = (rng.random(size) < own.ticket_reopened) * (1 + rng.poisson(0.2, size))
    solve = solve * (1 + reopened)
    csat = np.clip(np.rint(rng.normal(4.4, 0.8, size) - (solve > due) - 0.6 * reopened), 1, 5)
    answers_csat, delay = rng.random(size) < CSAT_SHARE, rng.integers(60, 2_400, size)

    first_response_at, resolved_at = after(opened_at, answer), after(opened_at, solve)
    is_resolved = resolved_at + delay.astype("timedelta64[s]") < END
    first_response_at[first_response_at + np.timedelta64(3_600, "s") >= END] = np.datetime64("NaT")
    resolved_at[~is_resolved] = np.datetime64("NaT")
    last = np.where(np.isnat(first_response_at), opened_at, first_response_at)
    last = np.where(is_resolved, resolved_at, last) + delay.astype("timedelta64[s]")
    columns = {
        "participant_id": block.participant_id[block.journeys.participant[enrollment]],
        "category": categories[category],
        "severity": np.array(SEVERITIES, dtype=object)[severity],
        "opened_at": opened_at,
        "first_response_at": first_response_at,
        "due_at": after(opened_at, due),
        "resolved_at": resolved_at,
        "reopened_count": np.where(is_resolved, reopened, 0),
        "csat_score": optional(csat.astype(int), is_resolved & answers_csat),
        "updated_at": np.minimum(last, END - np.timedelta64(1, "s")),
    }
    order = np.argsort(opened_at, kind="stable")
    order = order[opened_at[order] < END - np.timedelta64(60, "s")]
    short = f"{account.account_id.removeprefix('acc-')}-{block.number:04d}"
    ids = [f"tkt-{short}-{n:05d}" for n in range(1, len(order) + 1)]
    return {
        "ticket_id": np.array(ids, dtype=object),
        "account_id": np.full(len(order), account.account_id, dtype=object),
        **{name: column[order] for name, column in columns.items()},
    }


def after(times: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Return the instants so many hours later, in full seconds."""
    return times + np.rint(np.asarray(hours) * 3_600).astype("timedelta64[s]")


def optional(values: np.ndarray, is_there: np.ndarray) -> np.ndarray:
    """Return values where they are there, and nothing elsewhere."""
    column = np.full(len(values), None, dtype=object)
    column[is_there] = values[is_there]
    return column
