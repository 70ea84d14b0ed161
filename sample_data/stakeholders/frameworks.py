"""Answers to the questions of three frameworks: one asked at the employers, two within."""

from typing import TYPE_CHECKING

import numpy as np

from ..draw import Columns
from .people import Contacts
from .rows import table

if TYPE_CHECKING:
    from ..world import World

QUESTIONS = {  # framework: area: questions
    "operating_model": {
        "business_alignment": ("priorities_known", "customer_known", "in_planning"),
        "operational_efficiency": ("documented_workflows", "known_times", "reuses_content"),
        "consumer_experience": ("findable", "actionable", "in_flow_of_work", "knows_why"),
        "customer_value": ("performance_proven", "readiness_proven", "beyond_smile_sheets"),
    },
    "learning_canvas": {
        "products_services": ("unique_value", "fills_a_need", "managed_for_value"),
        "customers": ("who_they_are", "what_they_want", "how_valuable_we_are"),
        "service_delivery": ("right_team", "right_tools", "in_house_or_outsourced"),
        "strategy_governance": ("vision_moves", "right_executives_engaged", "committees_decide"),
        "investment_return": ("what_we_spend", "what_we_get", "hidden_cost_known"),
    },
    "strategy_execution": {
        "alignment": ("goals_linked", "same_priorities"),
        "prioritization": ("few_priorities", "effort_follows"),
        "observability": ("metrics_covered", "acted_on"),
        "agility": ("decides_fast", "changes_course"),
        "capabilities": ("skills_in_time", "successors_ready"),
        "culture": ("owns_results", "learns_together"),
    },
}
EVIDENCE = (
    None, None, "Plan on a page, shared with the works council", "Minutes of the last steering",
    "Not written down anywhere", "See the scorecard of last quarter", "Asked three managers",
)  # fmt: skip
WITHIN = ("head_of_learning", "chief_of_staff", "analytics_lead")


def assessment_answer(world: "World", contacts: Contacts) -> Columns:
    """Return the entity `assessment_answer`: scores 1 to 5, in the second month of each quarter.

    At an account, its HR leaders and a program owner answer the operating model's questions and
    score by the HR leader's confidence. Three of the provider's people answer the other two about
    the provider, which rises slowly from 2.6 to 3.6 over the three years.
    """
    rng, rows = world.rng("assessment_answer"), []
    for month in range(1, len(world.months), 3):
        day = world.months[month].astype("datetime64[D]") + 9
        for account in np.flatnonzero(world.contracts.served[:, month]).tolist():
            mood = world.chain.confidence["hr_leader"][account, month]
            asked = contacts.at(day, account, "hr_leader", "program_owner")[-3:]
            people = [(contacts.role[w], contacts.contact_id[w]) for w in asked]
            buyer = world.truths.accounts[account].account_id
            rows += _answers(rng, "operating_model", buyer, people, day, 1 + 4 * mood / 100)
        level = 2.6 + month / len(world.months)
        people = [(role, f"staff-{role.replace('_', '-')}") for role in WITHIN]
        for framework in ("learning_canvas", "strategy_execution"):
            rows += _answers(rng, framework, None, people, day, level)
    return table(
        "framework area question_code account_id assessor_role assessor_key answered_on score "
        "evidence",
        rows,
    )


def _answers(rng, framework: str, buyer: str | None, people: list, day, level: float) -> list:
    found = []
    for role, key in people:
        on, own = day + int(rng.integers(0, 12)), rng.normal(0, 0.3)
        for area, questions in QUESTIONS[framework].items():
            for question in questions:
                score = min(max(round(level + own + rng.normal(0, 0.6)), 1), 5)
                said = EVIDENCE[rng.integers(len(EVIDENCE))]
                found.append((framework, area, question, buyer, role, key, on, score, said))
    return found
