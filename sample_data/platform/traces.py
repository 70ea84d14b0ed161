"""What visits leave behind: for each visit its events, as codes of verbs and seconds."""

import numpy as np

from .journeys import Journeys
from .visits import BEFORE, LEARN, LOCKED_OUT, LOOK, Visits

LOGGED_IN, LOGIN_FAILED, PASSWORD_RESET, ERROR_SHOWN, OPENED, VIEWED, WATCHED = range(7)
ANSWERED, SUBMITTED, PRACTICED, DISCUSSED, ATTENDED = range(7, 12)
# verb, type of its object, typical minutes, in the order of the codes
VERBS = (
    ("logged_in", "platform", 0),
    ("login_failed", "platform", 0),
    ("password_reset", "platform", 0),
    ("error_shown", "page", 0),
    ("opened", "unit", 0),
    ("viewed", "unit", 6),
    ("watched", "video", 9),
    ("answered", "quiz", 4),
    ("submitted", "assignment", 0),
    ("practiced", "simulation", 22),
    ("discussed", "forum", 5),
    ("attended", "session", 45),
)
LEARNING = np.array([VIEWED, WATCHED, ANSWERED, PRACTICED, DISCUSSED, ATTENDED])
LEARNING_WEIGHT = np.array([0.31, 0.25, 0.24, 0.11, 0.07, 0.02])
LONGEST = 7_000  # seconds of a visit: it ends on the day on which it began


def leave_traces(
    visits: Visits, journeys: Journeys, failure: float, items_mean: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the visit, verb and second within the visit of each event."""
    size, kind = len(visits.kind), visits.kind
    fails = np.where(rng.random(size) < failure, 1 + rng.poisson(0.8, size), 0)
    fails = np.where(kind == LOCKED_OUT, np.maximum(fails, 1 + rng.poisson(0.5, size)), fails)
    resets = (fails > 0) & (rng.random(size) < 0.3)
    logs_in = np.select(
        [kind == LEARN, kind == LOCKED_OUT],
        [visits.is_first | (rng.random(size) < 0.85), rng.random(size) < 0.25],
        True,
    )
    opens = ((kind == LEARN) | (kind == LOOK)) & (rng.random(size) < 0.5) | (kind == BEFORE)
    errs = rng.random(size) < 0.02
    items = np.where(kind == LEARN, 1 + rng.poisson(items_mean - 1, size), 0)
    early_bird = (kind == BEFORE) & journeys.is_activated[visits.enrollment]
    items += early_bird & (rng.random(size) < 0.4)
    parts = [
        (fails, LOGIN_FAILED, 0), (resets, PASSWORD_RESET, 100), (logs_in, LOGGED_IN, 200),
        (opens, OPENED, 230), (errs, ERROR_SHOWN, 250), (items, -1, 300),
    ]  # fmt: skip
    visit = [np.repeat(np.arange(size), times) for times, _, _ in parts]
    verb = [np.full(len(v), code) for v, (_, code, _) in zip(visit, parts, strict=True)]
    nth = [np.arange(len(v)) - np.searchsorted(v, v) for v in visit]
    gap = (0.5 + rng.random(size)) * 300
    second = [
        base + n * (gap[v] if code < 0 else 20) + rng.integers(0, 15, len(v))
        for v, n, (_, code, base) in zip(visit, nth, parts, strict=True)
    ]
    visit, verb = np.concatenate(visit), np.concatenate(verb)
    learns = verb < 0
    verb[learns] = rng.choice(LEARNING, learns.sum(), p=LEARNING_WEIGHT)
    return visit, verb, np.minimum(np.concatenate(second), LONGEST).astype(int)
