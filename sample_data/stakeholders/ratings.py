"""Judgements: how attractive an account is and how strong we are there, tiers set by hand."""

from typing import TYPE_CHECKING

import numpy as np

from ..draw import Columns
from .rows import STAFF, decimal, table

if TYPE_CHECKING:
    from ..world import World

CRITERIA = (  # axis, criterion, weight
    ("attractiveness", "growth_potential", 5),
    ("attractiveness", "strategic_fit", 3),
    ("attractiveness", "reference_value", 2),
    ("strength", "relationship", 4),
    ("strength", "proven_outcomes", 5),
    ("strength", "competitive_position", 3),
)
OVERRIDES = (
    (1, "Board member of the parent company asked for it"),
    (1, "Opens the sector for us"),
    (2, "New sites next year"),
    (3, "No budget for a full team before the fiscal year ends"),
)


def account_rating(world: "World") -> Columns:
    """Return the entity `account_rating`: each quarter, six criteria for each account served.

    Relationship follows the sponsor's confidence, proven outcomes the outcome quality, growth
    the number of workers; the others are the account's own and stay.
    """
    rng, rows = world.rng("account_rating"), []
    accounts = world.truths.accounts
    size = np.log([a.workers for a in accounts])
    growth = 1 + 9 * (size - size.min()) / max(size.max() - size.min(), 1)
    stays = rng.uniform(3, 9, (len(accounts), len(CRITERIA)))
    for month, account in _quarters(world):
        sponsor = world.chain.confidence["executive_sponsor"][account, month]
        known = {
            "growth_potential": growth[account],
            "relationship": sponsor / 10,
            "proven_outcomes": 5.5 + 3.5 * accounts[account].outcome_quality,
        }
        for place, (axis, criterion, weight) in enumerate(CRITERIA):
            rating = known.get(criterion, stays[account, place]) + rng.normal(0, 0.5)
            rows.append(
                (accounts[account].account_id, world.months[month].astype("datetime64[D]"), axis,
                 criterion, decimal(weight, 0), decimal(np.clip(rating, 1, 10), 1))
            )  # fmt: skip
    return table("account_id quarter_start axis criterion weight rating", rows)


def tier_decision(world: "World") -> Columns:
    """Return the entity `tier_decision`: the few tiers that a person set, with the reason."""
    rng, rows = world.rng("tier_decision"), []
    for month, account in _quarters(world):
        if rng.random() < world.truths.stakeholders.override_share:
            tier, reason = OVERRIDES[rng.integers(len(OVERRIDES))]
            start = world.months[month].astype("datetime64[D]")
            buyer = world.truths.accounts[account].account_id
            rows.append((buyer, start, tier, reason, STAFF[account % len(STAFF)]))
    return table("account_id quarter_start tier reason decided_by", rows)


def _quarters(world: "World") -> list[tuple[int, int]]:
    """Return month and account of each quarter in whose first month an account is served."""
    found = np.argwhere(world.contracts.served.T)
    return [(month, account) for month, account in found.tolist() if month % 3 == 0]
