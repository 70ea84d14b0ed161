"""Objectives with their key results, and how these move from check-in to check-in."""

from typing import TYPE_CHECKING

import numpy as np

from ..draw import Columns
from .rows import at_work, decimal, table

if TYPE_CHECKING:
    from ..world import World

COMPANY = (
    "Every employer can prove what learning returned",
    "Learners finish what they start",
    "A team that knows what its work costs",
)
FUNCTIONS = {
    "marketing": "Reach the people who may use the benefit",
    "enrollment": "Decide applications within a week",
    "product": "Nobody fails to get in",
    "engineering": "A platform that is there when shifts end",
    "coaching": "First session within two weeks",
    "learning_design": "Content that fits the job",
    "client_success": "No renewal without a case built before",
    "analytics": "Numbers that nobody has to doubt",
}
MEASURED = (  # title, measures, metric code, baseline, target
    ("Completion rate", "outcome", "completion_rate", 0.52, 0.60),
    ("Activation rate", "outcome", "activation_rate", 0.80, 0.88),
    ("Days to first coaching session", "outcome", "first_coaching_days", 18.0, 12.0),
    ("Net revenue retention", "outcome", "net_revenue_retention", 0.97, 1.06),
    ("Goals with a verified outcome", "outcome", "verified_goal_share", 0.40, 0.65),
    ("Reports delivered on time", "outcome", "report_on_time_rate", 0.84, 0.95),
    ("Utilization of eligible workers", "outcome", "utilization_rate", 0.040, 0.050),
    ("Net profit per account", "outcome", None, 21_000.0, 30_000.0),
    ("Reviews held with sponsors", "activity", None, 0.0, 40.0),
    ("Units reworked for relevance", "activity", None, 0.0, 24.0),
    ("Playbooks written down", "activity", None, 2.0, 12.0),
    ("Managers briefed", "activity", None, 0.0, 150.0),
)
HALF_YEAR, CHECK_DAYS = 6, 14


def objective(world: "World") -> Columns:
    """Return the entity `objective`: of provider and functions by half-year, accounts by year.

    Nine in ten of the functions' and two in three of the accounts' name the one they serve.
    """
    rng, rows = world.rng("objective"), []
    for first in range(0, len(world.months), HALF_YEAR):
        start, end = _period(world, first, HALF_YEAR)
        tops = [f"obj-{start.astype('M8[M]')}-{n}" for n in range(1, len(COMPANY) + 1)]
        for code, title in zip(tops, COMPANY, strict=True):
            rows.append((code, None, None, None, title, "chief_executive", start, end))
        for function, title in FUNCTIONS.items():
            parent = str(rng.choice(tops)) if rng.random() < 0.9 else None
            code = f"obj-{start.astype('M8[M]')}-{function.replace('_', '-')}"
            rows.append((code, parent, None, function, title, "function_lead", start, end))
        if first % 12:
            continue
        end = _period(world, first, 12)[1]
        for account in np.flatnonzero(world.contracts.served[:, first : first + 12].any(axis=1)):
            buyer = world.truths.accounts[account]
            parent = tops[0] if rng.random() < 2 / 3 else None
            code = f"obj-{start.astype('M8[Y]')}-{buyer.account_id.removeprefix('acc-')}"
            title = f"A benefit that {buyer.name} would not give up"
            rows.append((code, parent, buyer.account_id, None, title, "hr_leader", start, end))
    return table(
        "objective_id parent_objective_id account_id function_code title owner_role period_start "
        "period_end",
        rows,
    )


def _period(world: "World", first: int, months: int) -> tuple[np.datetime64, np.datetime64]:
    start = world.months[0] + first
    return start.astype("datetime64[D]"), (start + months).astype("datetime64[D]") - 1


def key_result(world: "World", objectives: Columns) -> Columns:
    """Return the entity `key_result`: two or three for each objective."""
    rng, rows = world.rng("key_result"), []
    for place, objective_id in enumerate(objectives["objective_id"]):
        for number, picked in enumerate(rng.permutation(len(MEASURED))[: rng.integers(2, 4)], 1):
            title, measures, metric, base, target = MEASURED[picked]
            kind = "committed" if rng.random() < 0.4 else "aspirational"
            rows.append(
                (f"kr-{objective_id.removeprefix('obj-')}-{number}", objective_id, title, kind,
                 measures, metric, decimal(base, 4), decimal(target, 4),
                 objectives["period_end"][place])
            )  # fmt: skip
    return table(
        "key_result_id objective_id title kr_type measures metric_code baseline target due_date",
        rows,
    )


def key_result_checkin(world: "World", objectives: Columns, results: Columns) -> Columns:
    """Return the entity `key_result_checkin`: every other week, one in ten left out.

    A value moves in a straight line, with noise, to where its key result ends; the owner's
    confidence is ten times the share of the target that this line will reach, and a doubt or two.
    """
    rng, rows, own = world.rng("key_result_checkin"), [], world.truths.stakeholders
    starts = dict(zip(objectives["objective_id"], objectives["period_start"], strict=True))
    last = np.datetime64(world.last_day, "D")
    for place, key_result_id in enumerate(results["key_result_id"]):
        start, due = starts[results["objective_id"][place]], results["due_date"][place]
        ends_at = rng.normal(own.key_result_attainment, own.key_result_sd)
        base, target = float(results["baseline"][place]), float(results["target"][place])
        length = int((due - start).astype(int))
        for day in range(CHECK_DAYS, length + 1, CHECK_DAYS):
            if start + day > last - 3 or rng.random() < 0.1:
                continue
            share = ends_at * day / length + rng.normal(0, 0.03)
            sure = min(max(round(10 * ends_at + rng.normal(0, 1)), 1), 10)
            value = decimal(base + (target - base) * share, 4)
            rows.append((key_result_id, at_work(rng, start + day), value, sure))
    return table("key_result_id checked_in_at value confidence", rows)
