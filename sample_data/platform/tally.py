"""What the account-level parts need of a block: counts by account, program and month."""

import numpy as np

from ..draw import Columns
from ..world import END, Tally, World, month_index
from .block import Block
from .journeys import CANCELLED


def add(tally: Tally, world: World, block: Block, tickets: Columns) -> None:
    """Add a block to the tally."""
    account, months, workforce = block.account, world.months, block.workforce
    last_day = ((months + 1).astype("datetime64[D]") - 1)[:, None]
    until = workforce.eligible_to
    eligible = (workforce.eligible_from <= last_day) & (np.isnat(until) | (until >= last_day))
    tally.eligible[account] += eligible.sum(axis=1)
    enrolled = np.zeros(len(months), dtype=np.int64)
    _count(enrolled, workforce.enroll_month)
    tally.enrolled_ever[account] += np.cumsum(enrolled)
    tally.active_participants[account] += _active(block, months)

    journeys = block.journeys
    ended = block.start + journeys.end_day
    # who moves to another cohort before the start is counted in the one that starts
    starts = journeys.runs & (block.start.astype("datetime64[s]") < END)
    cancelled = ~journeys.is_parked & (journeys.fate == CANCELLED)
    for program in range(len(world.truths.programs)):
        mine = journeys.program == program
        _count(tally.enrollments_started[account, program], block.start[starts & mine])
        _count(tally.enrollments_cancelled[account, program], ended[cancelled & mine])
        _count(tally.completions[account, program], block.completed_at[mine])
    decided = block.tables["application"]["decided_at"]
    _count(tally.applications_decided[account], decided)
    sessions = block.tables["coaching_session"]
    held = sessions["status"] == "completed"
    _count(tally.sessions_held[account], sessions["scheduled_at"][held])
    minutes = sessions["actual_minutes"][held].astype(np.int64)
    _count(tally.session_minutes[account], sessions["scheduled_at"][held], minutes)
    _count(tally.tickets[account], tickets["opened_at"])


def _active(block: Block, months: np.ndarray) -> np.ndarray:
    """Return how many participants have an enrollment that runs, by month."""
    journeys, first = block.journeys, months.astype("datetime64[D]")
    next_first = (months + 1).astype("datetime64[D]")
    ended = block.start + journeys.end_day
    runs = journeys.runs[:, None] & (block.start[:, None] < next_first) & (ended[:, None] >= first)
    active = np.zeros((len(block.participant_id), len(months)), dtype=bool)
    np.logical_or.at(active, journeys.participant, runs)
    return active.sum(axis=0)


def _count(total: np.ndarray, times: np.ndarray, amounts: np.ndarray | int = 1) -> None:
    """Add to the months of times; what is missing or outside counts nowhere."""
    month = month_index(times)
    inside = (month >= 0) & (month < len(total))
    np.add.at(total, month[inside], np.broadcast_to(amounts, month.shape)[inside])
