"""The catalogue of activities, and the work items as they land."""

import numpy as np

from ..draw import Columns, choose
from ..world import END, World
from .books import Books
from .items import KNOWN_AFTER, Items
from .tickets import optional
from .truths import MoneyTruths

FIRST_VALID = np.datetime64("2022-01-01")
STAFF = 7  # people of a function whose work items are named
ORIGINS, ORIGIN_SHARES = ("planned", "request"), (0.45, 0.55)
PRIORITIES, PRIORITY_SHARES = ("low", "normal", "high"), (0.25, 0.57, 0.18)
GOAL_SHARE = 0.4  # of an account's single items, that serve one of its goals
WITH_PROGRAM = ("coaching", "learning_design")  # functions whose items belong to a program


def activity(own: MoneyTruths) -> Columns:
    """Return the entity `activity`: each activity, and its later versions."""
    known = {a.code: a for a in own.activities}
    rows = [(a, a.minutes, FIRST_VALID) for a in own.activities]
    rows += [(known[code], value, np.datetime64(str(since)))
             for code, attribute, value, since in own.revisions if not attribute]  # fmt: skip
    return {
        "activity_code": np.array([a.code for a, _, _ in rows], dtype=object),
        "function_code": np.array([a.function for a, _, _ in rows], dtype=object),
        "title": np.array([a.title for a, _, _ in rows], dtype=object),
        "driver": np.array([a.driver for a, _, _ in rows], dtype=object),
        "standard_minutes": np.array([minutes for _, minutes, _ in rows]),
        "valid_from": np.array([since for _, _, since in rows], dtype="datetime64[D]"),
    }


def activity_term(own: MoneyTruths) -> Columns:
    """Return the entity `activity_term`: each term of the time equations, and later versions."""
    rows = [(a.code, t[0], t[1], FIRST_VALID) for a in own.activities for t in a.terms]
    rows += [(code, attribute, value, np.datetime64(str(since)))
             for code, attribute, value, since in own.revisions if attribute]  # fmt: skip
    codes, attributes, minutes, since = zip(*rows, strict=True)
    return {
        "activity_code": np.array(codes, dtype=object),
        "attribute": np.array(attributes, dtype=object),
        "minutes_per_unit": np.array(minutes),
        "valid_from": np.array(since, dtype="datetime64[D]"),
    }


def item_ids(items: Items) -> np.ndarray:
    """Return the identifiers of the single items, numbered as they were opened."""
    place = np.empty(len(items), dtype=int)
    place[np.argsort(items.opened_at, kind="stable")] = np.arange(len(items))
    return np.array([f"wi-{n + 1:06d}" for n in place], dtype=object)


def work_item(world: World, books: Books) -> Columns:
    """Return the entity `work_item`: single items, some of them twice, and volume work.

    An item that lands twice was first known when it was opened; the later row corrects it.
    """
    items, own, rng = books.items, world.truths.money, world.rng("work_item_details")
    ids, closed = item_ids(items), ~np.isnat(items.closed_at)
    twice = np.flatnonzero(closed & (rng.random(len(items)) < own.corrected))
    single = _single(world, items, ids, rng)
    first = {name: column[twice] for name, column in single.items()}
    missing = np.full(len(twice), np.datetime64("NaT", "s"))
    for name in ("first_response_at", "started_at", "closed_at"):
        first[name] = missing
    for name in ("scope_decision", "actual_minutes"):
        first[name] = np.full(len(twice), None, dtype=object)
    first["reopened_count"] = first["reopened_count"] * 0
    first["updated_at"] = first["opened_at"] + KNOWN_AFTER
    parts = [first, single, _volumes(world, books, rng)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.argsort(columns["updated_at"], kind="stable")
    return {name: column[order] for name, column in columns.items()}


def _single(world: World, items: Items, ids: np.ndarray, rng: np.random.Generator) -> Columns:
    """Return the columns of the single items, as known on the last day."""
    own, size, closed = world.truths.money, len(items), ~np.isnat(items.closed_at)
    codes = np.array([a.code for a in own.activities], dtype=object)
    function = np.array([a.function for a in own.activities], dtype=object)[items.activity]
    programs = [p.program_id for p in world.truths.programs]
    program = np.array(programs, dtype=object)[rng.integers(0, len(programs), size)]
    is_intake = codes[items.activity] == "intake_review"
    is_request = is_intake | (choose(rng, ORIGINS, ORIGIN_SHARES, size) == "request")
    is_request &= items.account >= 0
    luck = rng.random(size)
    scope = np.select([luck < own.declined, luck < 2 * own.declined], ["declined", "redirected"],
                      "accepted").astype(object)  # fmt: skip
    scope[~is_intake] = "accepted"
    effort = np.where(items.rework_of >= 0, 0.6, 1.0) * _drift(world)[items.activity]
    actual = np.rint(items.minutes * effort * rng.lognormal(-0.03, 0.25, size)).astype(int)
    owners = [a.account_id.removeprefix("acc-") for a in world.truths.accounts]
    wanted = rng.integers(1, world.truths.stakeholders.goals_per_account + 1, size)
    goals = [f"goal-{owners[a]}-{n}" for a, n in zip(items.account, wanted, strict=True)]
    for_goal = (items.account >= 0) & (scope == "accepted") & (rng.random(size) < GOAL_SHARE)
    last = np.fmax(np.fmax(items.opened_at, items.first_response_at), items.started_at)
    last = np.where(closed, items.closed_at, last) + KNOWN_AFTER
    return {
        "work_item_id": ids,
        "activity_code": codes[items.activity],
        "account_id": _account_ids(world, items.account),
        "program_id": optional(program, np.isin(function, WITH_PROGRAM)),
        "staff_id": _staff(function, rng),
        "goal_id": optional(np.array(goals, dtype=object), for_goal),
        "origin": np.where(is_request, "request", "planned").astype(object),
        "scope_decision": optional(scope, is_request & closed),
        "priority": choose(rng, PRIORITIES, PRIORITY_SHARES, size).astype(object),
        "opened_at": items.opened_at,
        "first_response_at": items.first_response_at,
        "started_at": items.started_at,
        "due_at": items.due_at,
        "closed_at": items.closed_at,
        "quantity": np.full(size, None, dtype=object),
        "actual_minutes": optional(actual, closed),
        "rework_of": optional(ids[items.rework_of], items.rework_of >= 0),
        "reopened_count": ((rng.random(size) < own.reopened) & closed).astype(int),
        "updated_at": np.minimum(last, END - np.timedelta64(1, "s")),
    }


def _volumes(world: World, books: Books, rng: np.random.Generator) -> Columns:
    """Return the columns of the volume work: closed, without a due time of its own."""
    own = world.truths.money
    both = {
        name: np.concatenate([getattr(v, name) for v in books.volume])
        for name in ("account", "activity", "opened_at", "closed_at", "quantity", "minutes")
    }
    size, kind = len(both["account"]), both["activity"]
    function = np.array([a.function for a in own.activities], dtype=object)[kind]
    nothing, never = np.full(size, None, dtype=object), np.full(size, np.datetime64("NaT", "s"))
    actual = both["minutes"] * _drift(world)[kind] * rng.lognormal(0, 0.1, size)
    return {
        "work_item_id": np.array([f"wv-{n:06d}" for n in range(1, size + 1)], dtype=object),
        "activity_code": np.array([a.code for a in own.activities], dtype=object)[kind],
        "account_id": _account_ids(world, both["account"]),
        "program_id": nothing,
        "staff_id": _staff(function, rng),
        "goal_id": nothing,
        "origin": np.full(size, "planned", dtype=object),
        "scope_decision": nothing,
        "priority": nothing,
        "opened_at": both["opened_at"],
        "first_response_at": never,
        "started_at": both["opened_at"] + np.timedelta64(3_600, "s"),
        "due_at": never,
        "closed_at": both["closed_at"],
        "quantity": both["quantity"].astype(object),
        "actual_minutes": np.rint(actual).astype(int).astype(object),
        "rework_of": nothing,
        "reopened_count": np.zeros(size, dtype=int),
        "updated_at": both["closed_at"] + KNOWN_AFTER,
    }


def work_item_attribute(world: World, books: Books) -> Columns:
    """Return the entity `work_item_attribute`: the units of each term of a single item."""
    items, own = books.items, world.truths.money
    names = [[t[0] for t in a.terms] for a in own.activities]
    item, slot = np.nonzero(items.amounts)
    attributes = [names[a][s] for a, s in zip(items.activity[item], slot, strict=True)]
    return {
        "work_item_id": item_ids(items)[item],
        "attribute": np.array(attributes, dtype=object),
        "amount": items.amounts[item, slot],
    }


def _drift(world: World) -> np.ndarray:
    """Return how long the work of each activity really takes, relative to its standard."""
    return world.rng("drift").uniform(0.88, 1.22, len(world.truths.money.activities))


def _account_ids(world: World, account: np.ndarray) -> np.ndarray:
    ids = [a.account_id for a in world.truths.accounts]
    return np.array([*ids, None], dtype=object)[account]


def _staff(function: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    numbers = rng.integers(1, STAFF + 1, len(function)).tolist()
    names = [f"stf-{f.replace('_', '-')}-{n:02d}" for f, n in zip(function, numbers, strict=True)]
    return np.array(names, dtype=object)
