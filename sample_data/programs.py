"""What is taught: programs, the cohorts in which they start, and the work they ask for."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from .accounts import Account


@dataclass(frozen=True)
class Program:
    """A program, and the rates at which its learners get through it.

    Attributes:
        list_price: in whole US dollars.
        first_month, every_months: cohorts start in this month of the year and every so many after.
        share: weight with which enrolling workers choose it; only ratios count.
        engaged: share of the activated who become engaged, 0 to 1.
        completed: share of the engaged who complete, 0 to 1.
        weeks_3_to_5: chance of learning in weeks 3 to 5, relative to other weeks.
    """

    program_id: str
    title: str
    field: str
    credential_type: str
    weeks: int
    modality: str
    list_price: int
    launched_on: date
    first_month: int
    every_months: int
    share: float
    engaged: float
    completed: float
    weeks_3_to_5: float = 1.0


PROGRAMS = (
    Program("prg-frontline-leadership", "Frontline Leadership", "management", "certificate", 12,
            "blended", 1_450, date(2022, 3, 1), 1, 1, 0.18, 0.79, 0.88),
    Program("prg-supply-chain", "Supply Chain Operations", "operations", "certificate", 16,
            "online", 1_900, date(2023, 2, 1), 2, 3, 0.10, 0.64, 0.80, weeks_3_to_5=0.5),
    Program("prg-project-management", "Project Management", "management", "certificate", 20,
            "online", 2_300, date(2022, 1, 10), 1, 1, 0.13, 0.77, 0.85),
    Program("prg-data-analytics", "Data Analytics", "data", "certificate", 24,
            "online", 2_900, date(2022, 1, 10), 1, 1, 0.14, 0.76, 0.83),
    Program("prg-customer-experience", "Customer Experience & Service Design", "service",
            "certificate", 32, "online", 2_600, date(2023, 6, 1), 2, 3, 0.06, 0.74, 0.80),
    Program("prg-cybersecurity", "Cybersecurity Analyst", "technology", "diploma", 40,
            "blended", 4_800, date(2023, 5, 1), 1, 3, 0.06, 0.73, 0.72),
    Program("prg-healthcare-administration", "Healthcare Administration", "healthcare",
            "certificate", 24, "online", 2_700, date(2022, 9, 1), 1, 2, 0.07, 0.76, 0.82),
    Program("prg-digital-marketing", "Digital Marketing", "marketing", "certificate", 14,
            "online", 1_700, date(2022, 5, 1), 3, 2, 0.07, 0.77, 0.85),
    Program("prg-human-resources", "People Operations", "management", "certificate", 18,
            "online", 2_100, date(2023, 1, 9), 1, 2, 0.06, 0.77, 0.84),
    Program("prg-software-fundamentals", "Software Fundamentals", "technology", "diploma", 36,
            "online", 4_200, date(2022, 8, 15), 2, 3, 0.05, 0.73, 0.74),
    Program("prg-quality-safety", "Quality and Safety on the Line", "operations", "certificate",
            10, "blended", 1_200, date(2023, 4, 1), 2, 2, 0.05, 0.79, 0.89),
    Program("prg-business-writing", 'Writing, Résumés & "Numbers" for Work', "foundations",
            "certificate", 8, "online", 900, date(2022, 10, 3), 1, 1, 0.03, 0.80, 0.90),
)  # fmt: skip
CLOSED_COHORTS = (
    ("acc-velmora", "prg-frontline-leadership"),
    ("acc-corvane", "prg-data-analytics"),
)


@dataclass(frozen=True)
class Cohorts:
    """One entry per cohort in every array."""

    cohort_id: np.ndarray
    program: np.ndarray  # index
    account: np.ndarray  # index; -1: open to all
    start: np.ndarray
    end: np.ndarray

    def joinable(self, account: int, program: int) -> np.ndarray:
        """Return the cohorts open to an account, by start: its own, else those open to all."""
        own = np.flatnonzero((self.program == program) & (self.account == account))
        if not len(own):
            own = np.flatnonzero((self.program == program) & (self.account < 0))
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


def plan_cohorts(
    accounts: tuple[Account, ...], programs: tuple[Program, ...], months: np.ndarray
) -> Cohorts:
    """Plan the cohorts, open or closed: a start on the first Monday of each of a program's months.

    The last starts lie three months after `months`: they are known by then and still to come.
    """
    found = []
    owner_of = {a.account_id: i for i, a in enumerate(accounts)}
    for index, program in enumerate(programs):
        closed = [a for a, p in CLOSED_COHORTS if p == program.program_id and a in owner_of]
        owners = [-1] + [owner_of[a] for a in closed]
        every = np.arange(months[0] + 1, months[-1] + 4)
        of_year = every.astype(int) % 12 + 1
        starting = every[(of_year - program.first_month) % program.every_months == 0]
        starts = np.busday_offset(starting.astype("datetime64[D]"), 0, "forward", weekmask="Mon")
        for owner in owners:
            short = program.program_id.removeprefix("prg-")
            name = short if owner < 0 else f"{short}-{accounts[owner].account_id[4:]}"
            for month, start in zip(starting, starts, strict=True):
                end = start + 7 * program.weeks - 3  # the Friday of the last week
                found.append((f"coh-{name}-{month}", index, owner, start, end))
    ids, program, owner, start, end = zip(*found, strict=True)
    return Cohorts(
        np.array(ids, dtype=object),
        np.array(program),
        np.array(owner),
        np.array(start, dtype="datetime64[D]"),
        np.array(end, dtype="datetime64[D]"),
    )


def plan_assignments(programs: tuple[Program, ...]) -> Assignments:
    """Plan the work: an assignment every second week, every third a simulation, at last an exam."""
    found = []
    for index, program in enumerate(programs):
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
