"""Surveys: what people say of their confidence, on the scale of each question, if they answer.

A score is the role's true confidence at the account in the month, plus what is the person's own,
plus what is the answer's own, on the item's scale and rounded.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..draw import Columns, seconds
from .truths import ROLES, StakeholderTruths

if TYPE_CHECKING:
    from ..world import World

TEN, FIVE = (0, 10), (1, 5)
CONTACT_ITEMS = {"confidence": TEN, "nps": TEN, "satisfaction": TEN, "trust": TEN}
ITEMS = {  # survey: its items and their scales
    "participant_pulse": {
        "confidence": TEN, "nps": TEN, "satisfaction": FIVE, "relevance": FIVE, "findable": FIVE,
        "manager_support": FIVE, "coaching_support": FIVE,
    },
    "first_week": {
        "worth_my_time": FIVE, "knows_why": FIVE, "motivation": FIVE, "actionable": FIVE,
    },
    "manager_pulse": {
        "confidence": TEN, "satisfaction": TEN, "time_release": TEN, "team_application": TEN,
    },
    "program_owner_pulse": CONTACT_ITEMS,
    "hr_leader_pulse": CONTACT_ITEMS,
    "executive_sponsor_pulse": CONTACT_ITEMS,
    "staff_pulse": dict.fromkeys(
        ("engaged", "collaboration", "continuous_learning", "ownership", "data_driven", "outcomes",
         "growth_mindset", "recognition"),
        FIVE,
    ),
}  # fmt: skip
CAUSE_ITEMS = {  # the item that an account's bottleneck pulls down, of participants and managers
    "failed_logins": ("findable",),
    "late_first_coaching": ("coaching_support",),
    "irrelevant_content": ("relevance",),
    "no_manager_support": ("manager_support", "time_release"),
}


@dataclass
class Invited:
    """Who is asked to answer a survey: one entry in each array for each invitation."""

    survey: str
    role: str
    account: np.ndarray  # index
    month: np.ndarray  # index: whose confidence counts
    day: np.ndarray
    respondent: np.ndarray
    participant: np.ndarray | None = None  # participant_id, for participants


def answers(world: "World", rng: np.random.Generator, asked: Invited, prefix: str) -> Columns:
    """Return the rows of those invited who answer, their ids begun with `prefix`.

    Staff answer about the provider: at a level of their own, wherever they work.
    """
    own, items, size = world.truths.stakeholders, ITEMS[asked.survey], len(asked.account)
    place = ROLES.index(asked.role) if asked.role in ROLES else len(ROLES) - 1
    if asked.role in ROLES:
        latent = world.chain.confidence[asked.role][asked.account, asked.month]
    else:
        latent = np.full(size, own.staff_level)
    share = own.response_rate[place] + own.response_per_10 * (latent - 65) / 10
    invited_at = seconds(asked.day, 14 * 3_600 + rng.integers(0, 3_600, size))
    responded_at = invited_at + rng.integers(1_200, 10 * 86_400, size)
    answered = rng.random(size) < share
    keep = np.flatnonzero(answered & (responded_at < np.datetime64(world.last_day) + 1))
    value = _values(own, rng, place, latent[keep], len(items))
    value += _shift(world, asked.account[keep], items)
    low, high = np.array(list(items.values())).T
    score = np.clip(np.rint(low + (high - low) * value / 100), low, high).astype(np.int64)
    ids = np.array([a.account_id for a in world.truths.accounts], dtype=object)
    each, items_of = len(items), np.array(list(items), dtype=object)
    nobody = np.full(size, None, dtype=object)
    participant = nobody if asked.participant is None else asked.participant
    codes = np.array([f"{prefix}-{n}" for n in range(len(keep))], dtype=object)
    return {
        "response_id": np.repeat(codes, each),
        "survey_code": np.full(score.size, asked.survey, dtype=object),
        "account_id": np.repeat(ids[asked.account[keep]], each),
        "chain_role": np.full(score.size, asked.role, dtype=object),
        "respondent_key": np.repeat(asked.respondent[keep], each),
        "participant_id": np.repeat(participant[keep], each),
        "item_code": np.tile(items_of, len(keep)),
        "scale_min": np.tile(low, len(keep)),
        "scale_max": np.tile(high, len(keep)),
        "score": score.ravel(),
        "invited_at": np.repeat(invited_at[keep], each),
        "responded_at": np.repeat(responded_at[keep], each),
    }


def _values(own: StakeholderTruths, rng, place: int, latent: np.ndarray, items: int) -> np.ndarray:
    """Return what each respondent would say, 0 to 100: respondents by items."""
    person = latent + rng.normal(size=len(latent)) * own.respondent_sd[place]
    return person[:, None] + rng.normal(size=(len(latent), items)) * own.item_sd


def _shift(world: "World", account: np.ndarray, items: dict) -> np.ndarray:
    """Return the points that items lie off confidence, for each account.

    The bottleneck lowers the item that names it; people recommend more readily than they trust.
    """
    own = world.truths.stakeholders
    lowered = [CAUSE_ITEMS.get(a.bottleneck, ()) for a in world.truths.accounts]
    is_lowered = np.array([[item in names for item in items] for names in lowered])
    recommends = np.array([item == "nps" for item in items])
    return is_lowered[account] * own.cause_shift + recommends * own.nps_shift
