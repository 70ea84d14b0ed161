"""What employers want, which programs serve it, what came of it, and what comes first."""

from typing import TYPE_CHECKING

import numpy as np

from ..draw import Columns, money
from .people import Contacts
from .rows import at_work, decimal, table

if TYPE_CHECKING:
    from ..world import World

WANTED = (  # title, type, kpi, baseline, target, value of reaching it in units of annual value
    ("Fill team lead posts from within", "talent", "share_filled_internally", 0.32, 0.50, 0.6),
    ("Keep frontline people for a year", "cost", "first_year_turnover", 0.41, 0.33, 1.2),
    ("Ramp up new planners faster", "time", "days_to_proficiency", 120.0, 85.0, 0.4),
    ("Fewer safety incidents on the line", "risk", "incidents_per_100_workers", 4.6, 3.2, 0.5),
    ("Close audit findings in time", "risk", "findings_overdue", 38.0, 15.0, 0.3),
    ("Raise sales per advisor", "revenue", "sales_per_advisor", 410.0, 455.0, 0.9),
    ("Build a bench of data analysts", "talent", "analysts_ready", 6.0, 25.0, 0.5),
    ("Spend less on outside hiring", "cost", "agency_spend_share", 0.18, 0.11, 0.7),
    ("Answer customers at first contact", "revenue", "first_contact_resolution", 0.61, 0.72, 0.5),
    ("Shorten the onboarding of supervisors", "time", "weeks_to_full_duty", 14.0, 9.0, 0.3),
)
OWNERS = ("program_owner", "hr_leader", "executive_sponsor", "manager")
METHODS, METHOD_SHARES = (
    ("matched", "pre_post", "difference_in_differences", "anecdote", "randomized"),
    (0.35, 0.30, 0.15, 0.17, 0.03),
)


def goal(world: "World") -> Columns:
    """Return the entity `goal`: what each account named when it became a customer."""
    rng, rows = world.rng("goal"), []
    for buyer in world.truths.accounts:
        picked = rng.permutation(len(WANTED))[: world.truths.stakeholders.goals_per_account]
        for number, place in enumerate(picked, start=1):
            title, kind, kpi, base, target, _ = WANTED[place]
            stretch = rng.uniform(0.8, 1.2)
            due = np.datetime64(buyer.customer_since, "D") + int(rng.integers(365, 1_000))
            rows.append(
                (f"goal-{buyer.account_id.removeprefix('acc-')}-{number}", buyer.account_id, title,
                 kind, kpi, decimal(base, 4), decimal(base + (target - base) * stretch, 4), due,
                 str(rng.choice(OWNERS, p=(0.35, 0.35, 0.2, 0.1))))
            )  # fmt: skip
    return table("goal_id account_id title goal_type kpi baseline target due_date owner_role", rows)


def program_goal(world: "World", goals: Columns) -> Columns:
    """Return the entity `program_goal`: one to three programs for most goals, none for some."""
    rng, programs = world.rng("program_goal"), [p.program_id for p in world.truths.programs]
    rows = [
        (programs[place], goal_id)
        for goal_id in goals["goal_id"]
        for place in rng.permutation(len(programs))[: rng.choice(4, p=(0.12, 0.4, 0.3, 0.18))]
    ]
    return table("program_id goal_id", rows)


def verified_outcome(world: "World", goals: Columns) -> Columns:
    """Return the entity `verified_outcome`: goals whose result the employer has confirmed.

    How many there are, and how much of the way is reached, follow the account's outcome quality.
    """
    rng, rows, own = world.rng("verified_outcome"), [], world.truths.stakeholders
    values = {title: value for title, _, _, _, _, value in WANTED}
    for place, goal_id in enumerate(goals["goal_id"]):
        account = world.account_index(goals["account_id"][place])
        buyer, served = world.truths.accounts[account], world.contracts.served[account]
        draws, months = rng.random(3), np.flatnonzero(served)
        share = own.verified_share + own.verified_per_outcome * buyer.outcome_quality
        if draws[0] >= share or len(months) < 10:
            continue
        base, target = float(goals["baseline"][place]), float(goals["target"][place])
        reached = own.goal_progress + own.goal_progress_per_outcome * buyer.outcome_quality
        reached += rng.normal(0, 0.15)
        month = world.months[months[int(8 + draws[1] * (len(months) - 9))]]
        verified_at = at_work(rng, month.astype("datetime64[D]") + int(rng.integers(0, 26)))
        worth = values[goals["title"][place]] * buyer.annual_value * max(reached, 0) * 100
        is_priced = draws[2] < 0.75
        rows.append(
            (f"vo-{goal_id.removeprefix('goal-')}", buyer.account_id, goal_id,
             decimal(base + (target - base) * reached, 4),
             str(money([round(worth)])[0]) if is_priced else None,
             buyer.currency if is_priced else None, str(rng.choice(METHODS, p=METHOD_SHARES)),
             verified_at, goals["owner_role"][place])
        )  # fmt: skip
    return table(
        "outcome_id account_id goal_id actual money_value currency method verified_at "
        "verified_by_role",
        rows,
    )


def priority_vote(world: "World", contacts: Contacts, goals: Columns) -> Columns:
    """Return the entity `priority_vote`: each contact's first three goals, every October and April.

    A share ranks them as their account has them; the others in an order of their own.
    """
    rng, rows = world.rng("priority_vote"), []
    for month, start in enumerate(world.months):
        if start.astype(int) % 6 != 3:  # neither April nor October
            continue
        day = start.astype("datetime64[D]") + 13
        for account in np.flatnonzero(world.contracts.served[:, month]).tolist():
            buyer = world.truths.accounts[account].account_id
            listed = goals["goal_id"][goals["account_id"] == buyer]
            for who in contacts.at(day, account, "program_owner", "hr_leader", "executive_sponsor"):
                agrees = rng.random() < world.truths.stakeholders.vote_agreement
                ranked = listed if agrees else rng.permutation(listed)
                on = day + int(rng.integers(0, 10))
                rows += [
                    (buyer, contacts.contact_id[who], on, rank, goal_id)
                    for rank, goal_id in enumerate(ranked[:3], start=1)
                ]
    return table("account_id contact_id voted_on priority_rank goal_id", rows)
