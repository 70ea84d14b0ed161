"""Diagnostic cases: what was asked, located, done, and what came of it."""

from typing import TYPE_CHECKING

import numpy as np

from ..draw import Columns
from .rows import at_work, decimal, table

if TYPE_CHECKING:
    from ..world import World

QUESTIONS = {  # diagnosis: its questions (seed `diagnostic_questions`), and who acts
    "weak_activation": (
        ("D1", "product"), ("D2", "coaching"), ("D3", "marketing"), ("D4", "enrollment"),
    ),
    "engagement_drop_off": (
        ("D5", "learning_design"), ("D6", "product"), ("D7", "client_success"), ("D8", "coaching"),
    ),
    "renewal_risk": (
        ("D9", "analytics"), ("D10", "client_success"), ("D11", "analytics"),
        ("D12", "client_success"),
    ),
}  # fmt: skip
CAUSES = {  # an account's bottleneck: the diagnosis and the question that locate it
    "failed_logins": ("weak_activation", "D1"),
    "late_first_coaching": ("weak_activation", "D2"),
    "irrelevant_content": ("engagement_drop_off", "D5"),
    "no_manager_support": ("engagement_drop_off", "D7"),
}
DAY = np.timedelta64(1, "D")
ACTS = {question: function for listed in QUESTIONS.values() for question, function in listed}


def intervention(world: "World") -> Columns:
    """Return the entity `intervention`: three cases at each troubled account, few elsewhere.

    The first case of a troubled account asks the wrong question and changes nothing; then the
    cause is located. Low confidence of a sponsor opens a renewal case.
    """
    rng, rows = world.rng("intervention"), []
    for account, buyer in enumerate(world.truths.accounts):
        months = np.flatnonzero(world.contracts.served[account])
        if buyer.bottleneck is not None:
            diagnosis, cause = CAUSES[buyer.bottleneck]
            wrong = [question for question, _ in QUESTIONS[diagnosis] if question != cause]
            for step, question in enumerate((str(rng.choice(wrong)), cause, cause)):
                month = months[min(6 + 9 * step + int(rng.integers(0, 4)), len(months) - 1)]
                better = (0.05, 0.45, 0.6)[step]
                rows.append(_case(world, rng, account, month, diagnosis, question, better))
        elif rng.random() < 0.3 and len(months) > 8:
            diagnosis = str(rng.choice(("weak_activation", "engagement_drop_off")))
            question = QUESTIONS[diagnosis][rng.integers(4)][0]
            month = rng.choice(months[3:])
            rows.append(_case(world, rng, account, month, diagnosis, question, 0.2))
        sponsor = world.chain.confidence["executive_sponsor"][account]
        low = months[sponsor[months] < 48]
        if len(low):
            place = rng.choice(4, p=(0.3, 0.4, 0.2, 0.1))
            question = QUESTIONS["renewal_risk"][place][0]
            rows.append(_case(world, rng, account, low[0], "renewal_risk", question, 0.4))
    rows = [(f"case-{n:03d}", *row) for n, row in enumerate(sorted(rows, key=_opened), start=1)]
    return table(
        "case_id account_id program_id diagnosis question_code function_code opened_at located_at "
        "started_at verified_at expected_change outcome",
        rows,
    )


def _opened(row: tuple) -> np.datetime64:
    return row[5]


def _case(world: "World", rng, account: int, month, diagnosis: str, question: str, better: float):
    """Return one case; what would happen after the last day is not known yet."""
    opened = at_work(rng, world.months[month].astype("datetime64[D]") + int(rng.integers(0, 25)))
    soon, later = (at_work(rng, opened + days * DAY) for days in np.cumsum(rng.integers(3, 22, 2)))
    is_located_first = rng.random() < world.truths.stakeholders.located_first_share
    located, started = (soon, later) if is_located_first else (later, soon)
    verified = at_work(rng, later + rng.integers(45, 110) * DAY)
    outcome = str(
        rng.choice(
            ("improved", "unchanged", "worsened"),
            p=(better, 0.85 * (1 - better), 0.15 * (1 - better)),
        )
    )
    after = np.datetime64(world.last_day, "s") + 86_400
    known = [at if at < after else None for at in (located, started, verified)]
    programs = world.truths.programs
    program = programs[rng.integers(len(programs))].program_id if rng.random() < 0.3 else None
    expected = decimal(rng.choice((0.05, 0.08, 0.1, 0.15)))
    return (
        world.truths.accounts[account].account_id, program, diagnosis, question, ACTS[question],
        opened, *known, expected, outcome if known[2] is not None else None,
    )  # fmt: skip
