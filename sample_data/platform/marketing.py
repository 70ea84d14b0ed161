"""The entity `marketing_touch`: mails to many, and the touches that make a person aware."""

import numpy as np

from ..catalogue import campaign_id
from ..draw import DAY, Columns, Numbers, seconds
from ..world import END, MONTHS, World, month_index
from .applications import Paths
from .people import People, is_served

# channel and type of a touch that makes aware, and its share
AWARENESS = (
    ("email", "click", 0.45),
    ("web", "visit", 0.3),
    ("event", "attended", 0.12),
    ("referral", "referral", 0.08),
    ("manager", "referral", 0.05),
)


def marketing_touch(
    world: World,
    people: People,
    workforce,
    paths: Paths,
    numbers: Numbers,
    rng: np.random.Generator,
) -> Columns:
    """Return the entity `marketing_touch`.

    Everybody who applies has been made aware before registering; of the others some were, once, at
    one rate for all accounts. Mails are sent to eligible workers of a served account, and some are
    opened, which is no awareness.
    """
    first = np.flatnonzero(paths.is_first)
    person, aware_at = paths.participant[first], paths.aware[first]
    since, until = _reachable(workforce)
    others = np.ones(len(since), dtype=bool)
    others[people.worker[people.worker >= 0]] = False
    own = world.truths.platform
    years = np.where(until > since, (until - since).astype(float), 0) / 365.25
    chance = 1 - np.exp(-own.aware_per_year * years)
    others = np.flatnonzero(others & (until > since) & (rng.random(len(since)) < chance))
    other_at = _sometime(since, until, others, rng)
    mailed = np.repeat(np.arange(len(since)), rng.poisson(own.mails_per_worker, len(since)))
    mailed = mailed[until[mailed] > since[mailed]]
    sent_at = _sometime(since, until, mailed, rng)
    opened = np.flatnonzero(rng.random(len(mailed)) < own.mail_opened)
    opened_at = sent_at[opened] + rng.integers(60, 2 * DAY, len(opened)).astype("timedelta64[s]")

    channels, types, shares = (
        np.array(part, dtype=object) for part in zip(*AWARENESS, strict=True)
    )
    aware = np.concatenate([people.worker[person], others])
    kind = rng.choice(len(AWARENESS), len(aware), p=shares.astype(float))
    worker = np.concatenate([aware, mailed, mailed[opened]])
    at = np.concatenate([aware_at, other_at, sent_at, opened_at])
    known = np.full(len(worker), -1)
    known[: len(person)] = person
    fixed = [np.full(len(mailed), "email", dtype=object), np.full(len(opened), "email", object)]
    channel = np.concatenate([channels[kind], *fixed])
    sent = [np.full(len(mailed), "sent", object), np.full(len(opened), "open", object)]
    touch = np.concatenate([types[kind], *sent])

    order = np.lexsort((worker, at))
    order = order[(at[order] < END) & is_served(world, people.account, at[order])]
    order = np.union1d(order, np.flatnonzero(known >= 0))
    worker, at, known, channel = worker[order], at[order], known[order], channel[order]
    shows = (known >= 0) & ((worker < 0) | (rng.random(len(order)) < 0.5))
    return {
        "touch_id": numbers.ids("touch", "mt-", len(order), 8),
        "account_id": np.full(
            len(order), world.truths.accounts[people.account].account_id, dtype=object
        ),
        "worker_id": np.append(workforce.worker_id, None)[worker],
        "participant_id": np.where(shows, np.append(people.participant_id, None)[known], None),
        "campaign_id": _campaigns(channel, at),
        "channel": channel,
        "touch_type": touch[order],
        "occurred_at": at,
    }


def _reachable(workforce) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and last day on which each worker may be touched, within the three years."""
    since = np.maximum(workforce.eligible_from, MONTHS[0].astype("datetime64[D]"))
    until = np.fmin(workforce.eligible_to, workforce.termination_date)
    return since, np.fmin(until, (MONTHS[-1] + 1).astype("datetime64[D]") - 1)


def _sometime(since, until, index: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    span = (until[index] - since[index]).astype(int)
    day = since[index] + (rng.random(len(index)) * span).astype(int)
    return seconds(day, rng.integers(12 * 3_600, 23 * 3_600, len(index)))


def _campaigns(channel: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the channel's campaign of the quarter of each touch."""
    quarter = np.clip(month_index(at), 0, len(MONTHS) - 1) // 3
    names = {
        (c, q): campaign_id(MONTHS[3 * q].astype("datetime64[D]"), c)
        for c in {*channel.tolist()}
        for q in {*quarter.tolist()}
    }
    pairs = zip(channel.tolist(), quarter.tolist(), strict=True)
    return np.array([names[pair] for pair in pairs], dtype=object)
