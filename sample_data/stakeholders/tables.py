"""All entities of the people at the employers, and what is true of them."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from ..draw import Columns
from . import asked, cases, frameworks, goals, objectives, people, ratings, reports, selling, touch
from .asked import survey_response
from .chain import breaks, intercepts
from .surveys import CAUSE_ITEMS
from .truths import ROLES

if TYPE_CHECKING:
    from ..world import Tally, World

__all__ = ["account_tables", "survey_response", "truth"]


def account_tables(world: "World", tally: "Tally") -> dict[str, Columns]:
    """Return the entities of accounts; `survey_response` here is of contacts and staff only."""
    contacts, wanted = people.draw_contacts(world), goals.goal(world)
    objective = objectives.objective(world)
    key_result = objectives.key_result(world, objective)
    return {
        "contract": selling.contract(world),
        "renewal_decision": selling.renewal_decision(world),
        "opportunity": selling.opportunity(world),
        "contact": people.contact(world, contacts),
        "touchpoint": touch.touchpoint(world, contacts),
        "governance_meeting": touch.governance_meeting(world),
        "survey_response": asked.contact_responses(world, contacts),
        "report_delivery": reports.report_delivery(world, contacts),
        "goal": wanted,
        "program_goal": goals.program_goal(world, wanted),
        "verified_outcome": goals.verified_outcome(world, wanted),
        "priority_vote": goals.priority_vote(world, contacts, wanted),
        "objective": objective,
        "key_result": key_result,
        "key_result_checkin": objectives.key_result_checkin(world, objective, key_result),
        "assessment_answer": frameworks.assessment_answer(world, contacts),
        "account_rating": ratings.account_rating(world),
        "tier_decision": ratings.tier_decision(world),
        "intervention": cases.intervention(world),
    }


def truth(world: "World", tally: "Tally") -> dict[str, Any]:
    """Return what is true of chain and renewal, for `truth.json`."""
    own, accounts = world.truths.stakeholders, [a.account_id for a in world.truths.accounts]
    decided = [term for term in world.contracts.rows if term.decision is not None]
    chances = np.array([term.probability for term in decided])
    renewed = np.array([term.decision != "churned" for term in decided])
    change = world.chain.change
    return {
        "chain_links": [
            {
                "from_role": ROLES[k - 1], "to_role": ROLES[k], "lag_months": own.lag[k],
                "coefficient": own.beta[k], "own_lag_coefficient": own.gamma[k],
                "intercept": float(intercepts(own)[k]), "noise_sd": own.noise_sd[k],
            }
            for k in range(1, len(ROLES))
        ],
        "sponsor_change": None if change is None else {
            "account_id": accounts[change[0]], "month": str(world.months[change[1]]),
            "months_low": own.sponsor_months,
        },
        "breaks": _breaks(world),
        "cause_items": {a.account_id: list(CAUSE_ITEMS[a.bottleneck])
                        for a in world.truths.accounts if a.bottleneck},
        "renewal": {
            "intercept": own.renewal_intercept, "per_outcome_quality": own.renewal_per_outcome,
            "per_10_points_of_sponsor": own.renewal_per_sponsor,
            "sponsor_reference": own.renewal_sponsor, "horizon_days": 90,
            "chance_share": own.chance_share, "chance_rate": own.chance_rate,
            "probability": {t.contract_id: t.probability for t in decided},
            "best_auc": _auc(chances, renewed),
            "expected_brier": float(np.mean(chances * (1 - chances))) if len(chances) else None,
            "gap_accounts": _gaps(world),
        },
        "parameters": asdict(own),
        "outcome_quality": {a.account_id: a.outcome_quality for a in world.truths.accounts},
    }  # fmt: skip


def _breaks(world: "World") -> list[dict[str, Any]]:
    """Return the runs of months in which the story breaks and the account is served."""
    broken = breaks(world.truths.stakeholders, world.chain) & world.contracts.served
    return [
        {
            "account_id": world.truths.accounts[account].account_id,
            "from_role": ROLES[link],
            "to_role": ROLES[link + 1],
            "months": [str(month) for month in world.months[broken[link, account]]],
        }
        for link, account in np.argwhere(broken.any(axis=2)).tolist()
    ]


def _gaps(world: "World") -> list[str]:
    """Return the accounts that left and were served again."""
    turns = np.diff(world.contracts.served.astype(int), axis=1, prepend=0)
    return [a.account_id for a, t in zip(world.truths.accounts, turns, strict=True)
            if (t > 0).sum() > 1]  # fmt: skip


def _auc(chances: np.ndarray, renewed: np.ndarray) -> float | None:
    """Return the share of pairs, one renewed and one not, in which the renewed had more chance."""
    if renewed.all() or not renewed.any():
        return None
    apart = chances[renewed][:, None] - chances[~renewed][None, :]
    return float(((apart > 0) + 0.5 * (apart == 0)).mean())
