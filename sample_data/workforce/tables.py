"""The rows that the employers' HR systems give: what was known by the last day, and since when.

Promotions are often entered a month or two late. A version of a worker is extracted the night after
its change was entered, never before the version ahead of it, and not before the account is a
customer; what is extracted after the last day has not landed.
"""

from typing import TYPE_CHECKING

import numpy as np

from ..draw import DAY, Columns, choose, money, seconds
from .people import FAMILY_OF
from .truths import DEPARTMENTS, FAMILIES
from .workforce import (
    END,
    HIRE,
    KINDS,
    LEAVE_END,
    LEAVE_START,
    PROMOTION,
    REHIRE,
    START,
    Workforce,
)  # fmt: skip

if TYPE_CHECKING:
    from ..world import World

DEPARTMENT_NAMES = np.array([name for names in DEPARTMENTS for name in names], dtype=object)
JOB_CODES = np.array(["OPS", "CUS", "COR"], dtype=object)
EXTRACTED = 4 * 3_600  # second of the day, UTC
REASONS = {
    "voluntary": (
        ("better_offer", "family", "relocation", "pay", "career_change"),
        (4, 2, 2, 2, 1),
    ),
    "involuntary": (("performance", "position_eliminated", "conduct"), (4, 4, 1)),
    "retirement": (("retirement",), (1,)),
}


def tables(workforce: Workforce) -> dict[str, Columns]:
    """Return the entities worker, job_event, absence and eligibility of a block."""
    world, employer = workforce.world, workforce.employer
    rng = world.rng(f"hr {employer.account_id}", workforce.block)
    log = _in_order(workforce.log)
    entered_at, extracted_at = _known(world, employer.customer_since, log, rng)
    is_known = extracted_at < np.datetime64(world.last_day, "s") + DAY
    return {
        "worker": _worker(workforce, log, extracted_at, is_known),
        "job_event": _job_event(workforce, log, entered_at, is_known, rng),
        "absence": _absence(workforce),
        "eligibility": _eligibility(workforce, log, is_known),
    }


def _in_order(log: Columns) -> Columns:
    """Return the log by worker and day."""
    order = np.lexsort((np.arange(len(log["day"])), log["day"], log["worker"]))
    return {name: values[order] for name, values in log.items()}


def _known(
    world: "World", customer_since, log: Columns, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return when each change was entered, and when it was extracted."""
    truths, size = world.truths.workforce, len(log["day"])
    delay = (rng.exponential(truths.entry_days * DAY, size)).astype(np.int64)
    is_late = (log["kind"] == PROMOTION) & (rng.random(size) < truths.late_promotions)
    least, most = truths.late_entry_days
    delay[is_late] = rng.integers(least * DAY, most * DAY, is_late.sum())
    entered_at = seconds(log["day"], rng.integers(8 * 3_600, 18 * 3_600, size)) + delay
    extracted_at = seconds(entered_at.astype("datetime64[D]") + 1, EXTRACTED)
    extracted_at = np.maximum(extracted_at, np.datetime64(customer_since, "s") + DAY + EXTRACTED)
    # The latest so far of the same worker: later workers are set apart by more than all of time.
    apart = log["worker"] * np.int64(10**11)
    so_far = np.maximum.accumulate(extracted_at.astype(np.int64) + apart) - apart
    return entered_at, so_far.astype("datetime64[s]")


def _worker(
    workforce: Workforce, log: Columns, extracted_at: np.ndarray, is_known: np.ndarray
) -> Columns:
    people, spells = workforce.people, workforce.spells
    first = np.datetime64(workforce.world.first_day, "D")
    kind, day = log["kind"], log["day"]
    is_version = (day > first) | (kind == START) | ((kind == HIRE) & (day == first))
    is_version &= is_known & (kind != LEAVE_START) & (kind != LEAVE_END)
    who, spell = log["worker"][is_version], log["spell"][is_version]
    has_ended = log["kind"][is_version] == END
    level, department = log["to_level"][is_version], log["to_department"][is_version]
    manager = people.manager[who]
    family = FAMILY_OF[department]
    return {
        "account_id": np.full(len(who), workforce.employer.account_id, dtype=object),
        "worker_id": people.worker_id[who],
        "effective_from": log["day"][is_version],
        "employee_number": people.employee_number[who],
        "email": people.email[who],
        "full_name": people.full_name[who],
        "hire_date": spells.hired[who, spell],
        "termination_date": np.where(has_ended, spells.ended[who, spell], np.datetime64("NaT")),
        "termination_type": np.where(has_ended, spells.how[who, spell], None),
        "employment_type": people.employment_type[who],
        "pay_type": workforce.pay_type[who],
        "job_code": JOB_CODES[family] + "-" + _text(level),
        "job_level": level,
        "job_family": np.array(FAMILIES, dtype=object)[family],
        "department": DEPARTMENT_NAMES[department],
        "location_code": people.location_code[who],
        "timezone": people.timezone[who],
        "manager_worker_id": np.where(manager >= 0, people.worker_id[manager], None),
        "base_pay_annual": money(np.round(log["pay"][is_version]).astype(np.int64) * 100),
        "currency": np.full(len(who), workforce.employer.currency, dtype=object),
        "extracted_at": extracted_at[is_version],
    }


def _job_event(
    workforce: Workforce,
    log: Columns,
    entered_at: np.ndarray,
    is_known: np.ndarray,
    rng: np.random.Generator,
) -> Columns:
    reason = np.full(len(log["day"]), None, dtype=object)
    has_ended = log["kind"] == END
    how = np.full(len(log["day"]), None, dtype=object)
    how[has_ended] = workforce.spells.how[log["worker"][has_ended], log["spell"][has_ended]]
    for kind, (reasons, weights) in REASONS.items():
        reason[how == kind] = choose(rng, reasons, weights, (how == kind).sum())
    so_far = np.cumsum(log["kind"] != START)  # events of all workers up to each row
    is_first = np.searchsorted(log["worker"], log["worker"])  # row of the worker
    number = so_far - so_far[is_first] + (log["kind"][is_first] != START)
    is_event = is_known & (log["kind"] != START)
    who, kind = log["worker"][is_event], log["kind"][is_event]
    worker_id = workforce.worker_id[who]
    columns = {
        "event_id": "je" + _tail(worker_id) + "-" + _text(number[is_event]),
        "account_id": np.full(len(who), workforce.employer.account_id, dtype=object),
        "worker_id": worker_id,
        "event_type": np.array(KINDS, dtype=object)[kind],
        "effective_date": log["day"][is_event],
    }
    is_leave = (kind == LEAVE_START) | (kind == LEAVE_END)
    is_begin, is_end = (kind == HIRE) | (kind == REHIRE) | is_leave, (kind == END) | is_leave
    for name, values in (("job_level", lambda v: v.astype(object)),
                         ("department", lambda v: DEPARTMENT_NAMES[v])):  # fmt: skip
        was, becomes = (f"{side}_{name.removeprefix('job_')}" for side in ("from", "to"))
        columns[f"from_{name}"] = np.where(is_begin, None, values(log[was][is_event]))
        columns[f"to_{name}"] = np.where(is_end, None, values(log[becomes][is_event]))
    return columns | {"reason_code": reason[is_event], "entered_at": entered_at[is_event]}


def _absence(workforce: Workforce) -> Columns:
    absences = workforce.absences
    who = absences["worker"]
    return {
        "account_id": np.full(len(who), workforce.employer.account_id, dtype=object),
        "worker_id": workforce.worker_id[who],
        "absence_date": absences["absence_date"],
        "hours": money(np.round(absences["hours"] * 100)),
        "absence_type": absences["absence_type"],
    }


def _eligibility(workforce: Workforce, log: Columns, is_known: np.ndarray) -> Columns:
    """Return a row per spell; an end that nobody knows of yet is not in it."""
    world, spells, size = workforce.world, workforce.spells, len(workforce)
    last = np.datetime64(world.last_day, "D")
    has_ended = log["kind"] == END
    ends_known = np.zeros((size, 2), dtype=bool)
    ends_known[log["worker"][has_ended & is_known], log["spell"][has_ended & is_known]] = True
    who, spell = np.nonzero(spells.eligible_from <= last)
    until = spells.eligible_to[who, spell]
    is_secret = (until == spells.ended[who, spell]) & ~ends_known[who, spell]
    until[is_secret] = np.datetime64("NaT")
    is_full_time = workforce.employment_type[who] == "full_time"
    cap = np.where(is_full_time, *world.truths.workforce.annual_cap)
    worker_id = workforce.worker_id[who]
    return {
        "eligibility_id": "el" + _tail(worker_id) + "-" + _text(spell + 1),
        "account_id": np.full(len(who), workforce.employer.account_id, dtype=object),
        "worker_id": worker_id,
        "eligible_from": spells.eligible_from[who, spell],
        "eligible_to": until,
        "annual_cap": money(cap * 100),
        "currency": np.full(len(who), workforce.employer.currency, dtype=object),
    }


def _tail(worker_id: np.ndarray) -> np.ndarray:
    """Return the ids without their `wk`."""
    return np.array([text[2:] for text in worker_id.tolist()], dtype=object)


def _text(numbers: np.ndarray) -> np.ndarray:
    return numbers.astype(str).astype(object)
