"""One tenant: every entity drawn from truths and seed, flaws planted, written to a folder."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from . import (
    accounts,
    enrollments,
    event_flaws,
    events,
    finance,
    people,
    programs,
    statuses,
    submissions,
)
from .draw import generator, rows
from .files import EventFiles, TextFile, split
from .flaws import Flaw
from .journeys import active_weeks
from .text_flaws import Planter
from .truths import Truths

FLAWS = ".flaws.json"


def write_tenant(root: Path, seed: int, scale: float, truths: Truths) -> list[Flaw]:
    """Write all files of the tenant, and the list of its flaws, below an empty folder."""
    truths = replace(truths, participants=max(1, round(truths.participants * scale)))

    def rng(entity: str) -> np.random.Generator:
        return generator(seed, entity)

    cohorts, work = programs.plan_cohorts(truths), programs.plan_assignments(truths)
    journeys = enrollments.draw_journeys(truths, cohorts, truths.participants, rng("journeys"))
    booked_at = enrollments.enrolled_at(cohorts, journeys, rng("enrolled_at"))
    start = cohorts.start[journeys.cohort]
    active = active_weeks(truths, journeys, start, rng("active_weeks"))

    size = truths.participants + round(truths.participants * truths.never_enrolled)
    account = rng("never_enrolled").integers(0, len(truths.accounts), size)
    account[journeys.participant] = journeys.account
    first_booked = np.full(size, np.datetime64("NaT", "s"))
    np.fmin.at(first_booked, journeys.participant, booked_at)
    person = people.participant(truths, account, first_booked, rng("participant"))
    booking = enrollments.enrollment(
        truths, cohorts, journeys, booked_at, person["participant_id"], rng("enrollment")
    )
    status = statuses.enrollment_status(
        truths, cohorts, journeys, booked_at, rng("enrollment_status")
    )
    handed_in = submissions.submission(truths, cohorts, work, journeys, active, rng("submission"))
    contract = finance.contract(truths)
    line = finance.invoice_line(truths, cohorts, journeys, contract)

    text_files = [
        TextFile("stakeholder", "account", "accounts.csv", rows(accounts.account(truths))),
        TextFile("operations", "program", "programs.csv", rows(programs.program(truths))),
        TextFile(
            "operations", "cohort", "cohorts.csv",
            rows(programs.cohort(truths, cohorts, rng("cohort"))),
        ),
        TextFile("financial", "contract", "contracts.csv", rows(contract)),
        *split("financial", "invoice_line", rows(line), "invoiced_on", "quarter",
               "invoice_lines_{}.csv"),
        *split("participant", "participant", rows(person, ""), "updated_at", "year",
               "participants_{}.csv"),
        *split("participant", "enrollment", rows(booking), "updated_at", "half",
               "enrollments_{}.csv"),
        *split("participant", "enrollment_status", rows(status), "entered_at", "quarter",
               "statuses_{}.jsonl"),
        TextFile("participant", "assignment", "assignments.csv",
                 rows(programs.assignment(truths, work))),
        *split("participant", "submission", rows(handed_in), "submitted_at", "quarter",
               "submissions_{}.csv.gz"),
    ]  # fmt: skip
    flaws = Planter(text_files, rng("flaws")).plant()
    for file in text_files:
        file.write(root)

    event_files = EventFiles(root, event_flaws.NEW_COLUMN)
    blocks = events.learning_event(
        truths, cohorts, journeys, person["participant_id"], active, handed_in, seed
    )
    for number, block in enumerate(blocks):
        if number == 0:
            block, found = event_flaws.plant(block, rng("event_flaws"))
            flaws += found
        event_files.add(block)
    event_files.close()
    listed = json.dumps([flaw.as_row() for flaw in flaws], ensure_ascii=False, indent=1)
    (root / FLAWS).write_text(listed + "\n", encoding="utf-8")
    return flaws
