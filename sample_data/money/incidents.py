"""Disturbances of the platform, and releases of content."""

import numpy as np

from ..draw import Columns, choose, seconds
from ..world import END, World
from .tickets import after, optional

KINDS, KIND_SHARES = ("login_outage", "slow_pages", "video_playback", "grade_sync"), (2, 4, 2, 2)
SEVERITIES, SEVERITY_SHARES = ("minor", "major", "critical"), (0.6, 0.3, 0.1)
LEARNERS = (18, 90, 320)  # typical at scale 1, by severity
LEAD_DAYS = 34  # typical, from request to release
KNOWN_AFTER = np.timedelta64(3_600, "s")


def platform_incident(world: World) -> Columns:
    """Return the entity `platform_incident`."""
    own, rng = world.truths.money, world.rng("platform_incident")
    started_at = _instants(world, rng, own.incidents_per_month, 86_400)
    size = len(started_at)
    severity = choose(rng, range(3), SEVERITY_SHARES, size)
    restored_at = after(started_at, rng.lognormal(np.log(1.7), 0.8, size) * (1 + severity / 2))
    restored_at[restored_at + KNOWN_AFTER >= END] = np.datetime64("NaT")
    learners = np.array(LEARNERS)[severity] * rng.lognormal(0, 0.5, size) * world.scale
    return {
        "incident_id": np.array([f"inc-{n:04d}" for n in range(1, size + 1)], dtype=object),
        "kind": choose(rng, KINDS, KIND_SHARES, size).astype(object),
        "severity": np.array(SEVERITIES, dtype=object)[severity],
        "started_at": started_at,
        "restored_at": restored_at,
        "affected_learners": np.rint(learners).astype(int),
    }


def content_release(world: World) -> Columns:
    """Return the entity `content_release`; a tenth serves no program alone."""
    own, rng = world.truths.money, world.rng("content_release")
    requested_at = _instants(world, rng, own.releases_per_month, 36_000) + 43_200
    size = len(requested_at)
    released_at = after(requested_at, rng.lognormal(np.log(LEAD_DAYS), 0.5, size) * 24)
    released_at[released_at + KNOWN_AFTER >= END] = np.datetime64("NaT")
    components = 3 + rng.poisson(9, size)
    programs = np.array([p.program_id for p in world.truths.programs], dtype=object)
    program = programs[rng.integers(0, len(programs), size)]
    return {
        "content_release_id": np.array([f"rel-{n:04d}" for n in range(1, size + 1)], dtype=object),
        "program_id": optional(program, rng.random(size) >= 0.1),
        "requested_at": requested_at,
        "released_at": released_at,
        "components": components,
        "reused_components": rng.binomial(components, 0.38),
    }


def _instants(world: World, rng, per_month: float, seconds_of_day: int) -> np.ndarray:
    """Draw instants over the months, in order."""
    month = np.repeat(world.months, rng.poisson(per_month, len(world.months)))
    days = month.astype("datetime64[D]") + rng.integers(0, 28, len(month))
    return np.sort(seconds(days, rng.integers(0, seconds_of_day, len(days))))
