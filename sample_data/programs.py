"""What is taught: programs, the cohorts in which they start, and the work they ask for."""

from dataclasses import dataclass

import numpy as np

from .draw import Columns, choose
from .truths import Truths


@dataclass(frozen=True)
class Cohorts:
    """One entry per cohort in every array."""

    cohort_id: np.ndarray
    program: np.ndarray  # index
    account: np.ndarray  # index; -1: open to all
    start: np.ndarray
    end: np.ndarray

    def joinable(self, account: int, program: int, since: np.datetime64) -> np.ndarray:
        """Return the cohorts open to an account, by start: its own, else those open to all."""
        own = np.flatnonzero((self.program == program) & (self.account == account))
        if not len(own):
            own = np.flatnonzero((self.program == program) & (self.account < 0))
        own = own[self.start[own] >= since]
        return own[np.argsort(self.start[own], kind="stable")]


@dataclass(frozen=True)
class Assignments:
    """One entry per assignment in every array."""

    assignment_id: np.ndarray
    program: np.ndarray  # index
    kind: np.ndarray
    title: np.ndarray
    due_day: np.ndarray
    weight: np.ndarray


def plan_cohorts(truths: Truths) -> Cohorts:
    """Plan the cohorts: each program starts on the first Monday of its months, open or closed."""
    first, last = np.datetime64(truths.first_start, "M"), np.datetime64(truths.last_start, "M")
    found = []
    accounts = {account.account_id: i for i, account in enumerate(truths.accounts)}
    for index, program in enumerate(truths.programs):
        owners = [-1] + [accounts[a] for a, p in truths.closed_cohorts if p == program.program_id]
        months = np.arange(first + program.first_month - 1, last + 1, program.every_months)
        starts = np.busday_offset(months.astype("datetime64[D]"), 0, "forward", weekmask="Mon")
        for owner in owners:
            short = program.program_id.removeprefix("prg-")
            name = short if owner < 0 else f"{short}-{truths.accounts[owner].account_id[4:]}"
            for month, start in zip(months, starts, strict=True):
                end = start + 7 * program.weeks - 3  # the Friday of the last week
                found.append((f"coh-{name}-{month}", index, owner, start, end))
    columns = list(zip(*found, strict=True))
    return Cohorts(
        np.array(columns[0], dtype=object),
        np.array(columns[1]),
        np.array(columns[2]),
        np.array(columns[3], dtype="datetime64[D]"),
        np.array(columns[4], dtype="datetime64[D]"),
    )


def plan_assignments(truths: Truths) -> Assignments:
    """Plan the work: an assignment every second week, some simulations, an exam at the end."""
    found = []
    for index, program in enumerate(truths.programs):
        short = program.program_id.removeprefix("prg-")
        weeks = [*range(2, program.weeks, 2), program.weeks]
        for number, week in enumerate(weeks, start=1):
            kind = "simulation" if number % 3 == 0 else "assignment"
            title = f"{kind.capitalize()} {number}: unit {week} put to work"
            if week == program.weeks:
                kind, title = "exam", f"Final exam: {program.title}"
            weight = {"assignment": "1.0000", "simulation": "1.5000", "exam": "4.0000"}[kind]
            found.append((f"asg-{short}-{number:02d}", index, kind, title, 7 * week - 3, weight))
    ids, program, kinds, titles, due, weights = zip(*found, strict=True)
    return Assignments(
        np.array(ids, dtype=object),
        np.array(program),
        np.array(kinds, dtype=object),
        np.array(titles, dtype=object),
        np.array(due),
        np.array(weights, dtype=object),
    )


def program(truths: Truths) -> Columns:
    """Return the entity `program`."""
    programs = truths.programs
    return {
        "program_id": np.array([p.program_id for p in programs], dtype=object),
        "title": np.array([p.title for p in programs], dtype=object),
        "field": np.array([p.field for p in programs], dtype=object),
        "credential_type": np.array([p.credential_type for p in programs], dtype=object),
        "planned_weeks": np.array([p.weeks for p in programs]),
        "modality": np.array([p.modality for p in programs], dtype=object),
        "list_price": np.array([f"{p.list_price}.00" for p in programs], dtype=object),
        "currency": np.array(["USD"] * len(programs), dtype=object),
        "launched_on": np.array([p.launched_on for p in programs], dtype="datetime64[D]"),
        "retired_on": np.full(len(programs), np.datetime64("NaT"), dtype="datetime64[D]"),
    }


def cohort(truths: Truths, cohorts: Cohorts, rng: np.random.Generator) -> Columns:
    """Return the entity `cohort`."""
    account_ids = [account.account_id for account in truths.accounts]
    program_ids = np.array([p.program_id for p in truths.programs], dtype=object)
    owners = [account_ids[i] if i >= 0 else None for i in cohorts.account.tolist()]
    return {
        "cohort_id": cohorts.cohort_id,
        "program_id": program_ids[cohorts.program],
        "account_id": np.array(owners, dtype=object),
        "start_date": cohorts.start,
        "end_date": cohorts.end,
        "capacity": choose(rng, (40, 60, 80), (1, 2, 1), len(cohorts.start)),
    }


def assignment(truths: Truths, assignments: Assignments) -> Columns:
    """Return the entity `assignment`."""
    program_ids = np.array([p.program_id for p in truths.programs], dtype=object)
    return {
        "assignment_id": assignments.assignment_id,
        "program_id": program_ids[assignments.program],
        "cohort_id": np.full(len(assignments.due_day), None, dtype=object),
        "assignment_type": assignments.kind,
        "title": assignments.title,
        "due_day": assignments.due_day,
        "weight": assignments.weight,
    }
