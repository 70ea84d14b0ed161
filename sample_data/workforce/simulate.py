"""A block of workers: drawn, and led through all months."""

from typing import TYPE_CHECKING

import numpy as np

from ..draw import Columns
from .life import Life
from .people import draw_people
from .state import NEVER
from .workforce import NO_MONTH, Enrolling, Workforce

if TYPE_CHECKING:
    from ..world import World


def draw_workforce(world: "World", account: int, block: int, size: int) -> Workforce:
    """Draw a block of `size` workers of one account, at most 20,000, over all months.

    `size` counts all who are employed at some time of the window, not those of one day.
    """
    people = draw_people(world, account, block, size)
    employer = world.truths.accounts[account]
    life = Life(world, account, people, world.rng(f"workforce {employer.account_id}", block))
    life.begin()
    for month in range(len(world.months)):
        life.live(month)
    has_enrolled = life.enroll_month < NEVER
    enroll_month = np.full(size, NO_MONTH)
    enroll_month[has_enrolled] = world.months[life.enroll_month[has_enrolled]]
    return Workforce(
        world=world,
        account=account,
        block=block,
        people=people,
        spells=life.spells,
        enrolling=Enrolling(**_joined(life.enrolled), scale=life.scale),
        log=_joined(life.log),
        absences=_joined(life.absences),
        enroll_month=enroll_month,
        spell=life.enroll_spell,
    )


def _joined(parts: list[Columns]) -> Columns:
    """Return the columns of all parts, one after the other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
