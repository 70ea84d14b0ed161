"""Contracts and the decisions about them as they land, and the sales they came from."""

from typing import TYPE_CHECKING

import numpy as np

from ..draw import Columns, money
from .contracts import Term
from .rows import STAFF, chance, table

if TYPE_CHECKING:
    from ..world import World

REASONS = {
    "renewed": ("outcomes_proven", "relationship", "no_alternative"),
    "expanded": ("outcomes_proven", "new_sites", "new_programs"),
    "contracted": ("budget_cut", "low_utilization"),
    "churned": ("sponsor_left", "no_proven_outcome", "budget_cut", "went_to_competitor"),
}
STAGES = ("discovery", "proposal", "negotiation")  # of what is open


def contract(world: "World") -> Columns:
    """Return the entity `contract`: every term signed by the last day."""
    accounts = world.truths.accounts
    return table(
        "contract_id account_id starts_on ends_on annual_value currency pricing_model auto_renew "
        "notice_days previous_contract_id signed_on",
        [
            (t.contract_id, accounts[t.account].account_id, _day(t.starts_on), _day(t.ends_on),
             _amount(t.annual_value), t.currency, t.pricing_model, t.auto_renew, t.notice_days,
             t.previous_contract_id, _day(t.signed_on))
            for t in world.contracts.rows
        ],
    )  # fmt: skip


def renewal_decision(world: "World") -> Columns:
    """Return the entity `renewal_decision`; half of those that change nothing name no new value."""
    rng, rows = world.rng("renewal_decision"), []
    for term in world.contracts.rows:
        if term.decision is None:
            continue
        is_named = term.decision not in ("renewed", "churned") or rng.random() < 0.5
        reason = str(rng.choice(REASONS[term.decision])) if rng.random() < 0.9 else None
        value = _amount(term.new_annual_value) if is_named else None
        rows.append((term.contract_id, term.decision, _day(term.decided_on), value, reason))
    return table("contract_id decision decided_on new_annual_value reason_code", rows)


def opportunity(world: "World") -> Columns:
    """Return the entity `opportunity`: first sales, renewals, and expansions won, lost and open."""
    rng, rows = world.rng("opportunity"), []
    for term in world.contracts.rows:
        buyer = world.truths.accounts[term.account]
        for kind, amount, opened, expected, closed, outcome in _of_term(world, term, rng):
            if opened > np.datetime64(world.last_day):
                continue
            rows.append(
                (f"op-{len(rows) + 1:04d}", buyer.account_id, kind, _amount(amount), term.currency,
                 str(rng.choice(STAGES)) if outcome is None else "closed",
                 STAFF[term.account % len(STAFF)], opened, expected, closed, outcome)
            )  # fmt: skip
    return table(
        "opportunity_id account_id opportunity_type amount currency stage owner opened_on "
        "expected_close_on closed_on outcome",
        rows,
    )


def _of_term(world: "World", term: Term, rng: np.random.Generator) -> list[tuple]:
    """Return kind, amount, opened, expected, closed and outcome of the sales around a term."""
    starts, ends, found = _day(term.starts_on), _day(term.ends_on), []
    if term.previous_contract_id is None:
        signed = _day(term.signed_on)
        found.append(("new", term.annual_value, signed - 75, signed + 10, signed, "won"))
    opened, expected = max(ends - 200, starts), ends - 45
    closed = None if term.decision is None else _day(term.decided_on)
    is_lost = term.decision == "churned"
    outcome = None if closed is None else "lost" if is_lost else "won"
    found.append(("renewal", term.annual_value, opened, expected, closed, outcome))
    month = int((opened.astype("datetime64[M]") - world.months[0]).astype(int))
    mood = world.chain.at("executive_sponsor", term.account, min(month, len(world.months) - 1))
    hopes = rng.random() < chance(0.35, 0.12, mood)
    value = round(term.annual_value * rng.uniform(0.1, 0.3) / 10_000) * 10_000
    if term.decision == "expanded":
        more = term.new_annual_value - term.annual_value
        found.append(("expansion", more, opened + 20, expected, closed, "won"))
    elif hopes:
        lost = None if closed is None else "lost"
        found.append(("expansion", value, opened + 20, expected, closed, lost))
    return found


def _day(day) -> np.datetime64:
    return np.datetime64(day, "D")


def _amount(cents: int) -> str:
    return str(money(np.array([cents]))[0])
