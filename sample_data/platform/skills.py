"""The entities `skill_assessment` and `credential`: what people can do, and can show."""

import numpy as np

from ..draw import DAY, Columns, Numbers, seconds
from ..programs import Program
from ..world import END, World
from .journeys import Journeys
from .people import People

SKILLS = {
    "management": ("skill-feedback", "skill-planning"),
    "operations": ("skill-process", "skill-safety"),
    "data": ("skill-sql", "skill-statistics"),
    "service": ("skill-service-design", "skill-listening"),
    "technology": ("skill-networks", "skill-programming"),
    "healthcare": ("skill-scheduling", "skill-compliance"),
    "marketing": ("skill-campaigns", "skill-analytics"),
    "foundations": ("skill-writing", "skill-numeracy"),
}
ISSUER, PARTNER = "iss-throughline", "iss-guildmark"  # of every fourth program a partner
NO_DAY = np.datetime64("NaT", "D")


def skills_of(program: Program) -> tuple[str, str]:
    """Return the skills that a program teaches and assesses."""
    return SKILLS[program.field]


def skill_assessment(
    world: World,
    people: People,
    journeys: Journeys,
    ids: np.ndarray,
    completed_at: np.ndarray,
    numbers: Numbers,
    rng: np.random.Generator,
) -> Columns:
    """Return the entity `skill_assessment`: levels from 1 to 5, before and after a program.

    Before: of those who learned. After: of those who completed and of some who left, with a gain
    that is known. A tenth of those are assessed once more three months later, at the same level.
    """
    own, size = world.truths.platform, len(journeys)
    learned = np.flatnonzero(journeys.first_day >= 0)
    row = np.repeat(learned, 2)
    which = np.tile([0, 1], len(learned))
    table = np.array([skills_of(p) for p in world.truths.programs], dtype=object)
    start = world.cohorts.start[journeys.cohort]
    completed = ~np.isnat(completed_at)
    first_at = seconds(start + np.maximum(journeys.first_day, 0), 43_200)
    first_at = first_at + rng.integers(0, 2 * DAY, size).astype("timedelta64[s]")
    ended_at = np.where(completed, completed_at, seconds(start + journeys.end_day, 50_000))
    has_post = completed | ((rng.random(size) < 0.3) & (journeys.end_day > 28))
    post_at = ended_at + rng.integers(DAY, 12 * DAY, size).astype("timedelta64[s]")

    pre = np.clip(rng.normal(2.2, 0.6, len(row)), 1, 4)
    gain = np.where(completed[row], own.skill_gain_completed, own.skill_gain_else)
    # from 1 to 5, cut alike on both sides: the mean gain is the parameter
    room = np.maximum(np.minimum(5 - pre - gain, pre + gain - 1), 0)
    post = pre + gain + np.clip(rng.normal(0, 0.4, len(row)), -room, room)
    again = has_post & completed & (rng.random(size) < 0.1)
    assessor = rng.choice(np.array(["test", "self", "manager"], dtype=object), len(row),
                          p=[0.6, 0.3, 0.1])  # fmt: skip
    parts = [
        ("pre", first_at, pre, np.ones(size, dtype=bool)),
        ("post", post_at, post, has_post),
        ("follow_up", post_at + np.timedelta64(90 * DAY, "s"), post, again),
    ]
    found = [(p, at, level, np.flatnonzero(has[row] & (at[row] < END)))
             for p, at, level, has in parts]  # fmt: skip
    index = np.concatenate([kept for _, _, _, kept in found])
    owner = row[index]
    levels = np.concatenate([level[kept] for _, _, level, kept in found])
    return {
        "assessment_id": numbers.ids("assessment", "sa-", len(index), 7),
        "participant_id": people.participant_id[journeys.participant[owner]],
        "enrollment_id": ids[owner],
        "skill_id": table[journeys.program[owner], which[index]],
        "phase": np.concatenate([np.full(len(k), p, dtype=object) for p, _, _, k in found]),
        "level": np.array([f"{level:.2f}" for level in levels.tolist()], dtype=object),
        "assessor": assessor[index],
        "assessed_at": np.concatenate([at[row[kept]] for _, at, _, kept in found]),
    }


def credential(
    world: World,
    people: People,
    journeys: Journeys,
    ids: np.ndarray,
    completed_at: np.ndarray,
    numbers: Numbers,
    rng: np.random.Generator,
) -> Columns:
    """Return the entity `credential`: of most who completed; some expire, a few are revoked."""
    own, programs = world.truths.platform, world.truths.programs
    size = len(journeys)
    awarded_at = completed_at + rng.integers(DAY, 35 * DAY, size).astype("timedelta64[s]")
    earns = ~np.isnat(completed_at) & (rng.random(size) < own.credential_of_completed)
    revoked = rng.random(size) < own.credential_revoked
    revoked_at = awarded_at + rng.integers(30 * DAY, 200 * DAY, size).astype("timedelta64[s]")
    expires = rng.random(size) < 0.3
    kept = np.flatnonzero(earns & (awarded_at < END))
    program = journeys.program[kept]
    issuer = np.where(program % 4 == 3, PARTNER, ISSUER)
    is_revoked = (revoked & (revoked_at < END))[kept]
    return {
        "credential_id": numbers.ids("credential", "cr-", len(kept), 6),
        "issuer_id": issuer,
        "participant_id": people.participant_id[journeys.participant[kept]],
        "enrollment_id": ids[kept],
        "credential_type": np.array([p.credential_type for p in programs], dtype=object)[program],
        "title": np.array([p.title for p in programs], dtype=object)[program],
        "awarded_at": awarded_at[kept],
        "valid_until": np.where(
            expires[kept], awarded_at[kept].astype("datetime64[D]") + 730, NO_DAY
        ),
        "revoked_at": np.where(is_revoked, revoked_at[kept], np.datetime64("NaT", "s")),
    }
