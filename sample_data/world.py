"""The world that every part of the tenant is drawn in: the clock, who is served, what is counted.

People are drawn a block at a time; what the account-level parts need of them is tallied.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from .draw import generator
from .programs import Cohorts, plan_cohorts
from .truths import Truths

if TYPE_CHECKING:
    from .stakeholders.chain import Chain
    from .stakeholders.contracts import Contracts

FIRST_DAY, LAST_DAY = date(2023, 7, 1), date(2026, 6, 30)
MONTHS = np.arange(np.datetime64(FIRST_DAY, "M"), np.datetime64(LAST_DAY, "M") + 1)
END = np.datetime64(LAST_DAY, "s") + np.timedelta64(86_400, "s")  # what is known before it lands


@dataclass(frozen=True)
class World:
    """What is the same for all blocks."""

    truths: Truths
    seed: int
    scale: float
    cohorts: Cohorts
    chain: "Chain"
    contracts: "Contracts"
    months: np.ndarray = field(default_factory=MONTHS.copy)
    first_day: date = FIRST_DAY
    last_day: date = LAST_DAY

    def rng(self, name: str, block: int = 0) -> np.random.Generator:
        """Return the random stream of one subject, and block of people."""
        return generator(self.seed, name, block)

    def account_index(self, account_id: str) -> int:
        """Return the place of an account in `truths.accounts` and in every array by account."""
        return [a.account_id for a in self.truths.accounts].index(account_id)


def make_world(truths: Truths, seed: int, scale: float) -> World:
    """Draw what all blocks share: cohorts, the stakeholder chain, and the contracts it decides."""
    from .stakeholders.chain import draw_chain
    from .stakeholders.contracts import draw_contracts

    chain = draw_chain(truths, seed)
    return World(
        truths=truths,
        seed=seed,
        scale=scale,
        cohorts=plan_cohorts(truths.accounts, truths.programs, MONTHS),
        chain=chain,
        contracts=draw_contracts(truths, chain, seed),
    )


def month_index(times: np.ndarray) -> np.ndarray:
    """Return months since the first one; negative or past the end where outside, or missing."""
    index = times.astype("datetime64[M]").astype(np.int64) - MONTHS[0].astype(np.int64)
    return np.where(np.isnat(times), -1, index)


@dataclass
class Tally:
    """Counts summed over the blocks, by account and month; also by program where so named.

    Months are those in which an enrollment starts, is cancelled or completed, an application is
    decided, a session is scheduled, a ticket is opened (UTC).
    """

    eligible: np.ndarray
    enrolled_ever: np.ndarray  # workers who have enrolled by the end of the month
    active_participants: np.ndarray  # with an enrollment that runs in the month
    enrollments_started: np.ndarray  # [account, program, month]
    enrollments_cancelled: np.ndarray  # [account, program, month]
    completions: np.ndarray  # [account, program, month]
    applications_decided: np.ndarray
    sessions_held: np.ndarray
    session_minutes: np.ndarray
    tickets: np.ndarray

    @classmethod
    def of(cls, world: World) -> "Tally":
        """Return a tally of nothing yet."""
        accounts, programs = len(world.truths.accounts), len(world.truths.programs)
        months = len(world.months)
        by_program = ("enrollments_started", "enrollments_cancelled", "completions")
        shapes = dict.fromkeys(by_program, (accounts, programs, months))
        return cls(
            **{
                name: np.zeros(shapes.get(name, (accounts, months)), dtype=np.int64)
                for name in cls.__annotations__
            }
        )
