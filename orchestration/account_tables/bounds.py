"""The least and the most that hidden numbers can be, over whole numbers of people.

Sources: Federal Committee on Statistical Methodology 2005, Statistical Policy Working Paper 22,
chapter IV: auditing by linear programming; Cox 1980, Journal of the American Statistical
Association 75:377-385: how far the least and the most must lie apart (protection levels).
"""

from collections.abc import Iterator
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from orchestration.account_tables.limits import PROTECTION
from orchestration.account_tables.system import System
from orchestration.account_tables.unknowns import Told

CLOSE = 1e-6
NODES = 1000  # of the tree of one search over whole numbers; a longer one settles nothing
TRIES = 8  # random looks at what is possible, before the least and most of what is left


def too_near(
    system: System, hidden: list[Told], possible: list[np.ndarray] | None = None
) -> Iterator[tuple[Told, float, tuple[Told, ...]]]:
    """Hidden numbers whose least and most lie too near each other.

    With how many people lie between them and what keeps them there. `possible` gathers whole
    solutions: they stay solutions when more is hidden.
    """
    if not hidden:
        return
    vectors = np.array([system.sums[told] for told in hidden])
    possible = [] if possible is None else possible
    seen = vectors @ np.array([system.truth, *possible]).T
    least, most = seen.min(axis=1), seen.max(axis=1)
    # Any whole solution that is far enough away settles it; the bound keeps it finite.
    bounds = Bounds(0, 10 * max(system.truth.sum(), 100))
    constraints = [
        LinearConstraint(csr_array(matrix), low, high)
        for matrix, low, high in (
            (system.limits, -np.inf, system.limit_values),
            (system.known, system.known_values, system.known_values),
        )
        if len(matrix)
    ]
    integrality = np.ones(len(system.truth))
    random = np.random.default_rng(7)

    def look(objective: np.ndarray, presolve: bool = True) -> None:
        result = milp(
            objective,
            integrality=integrality,
            bounds=bounds,
            constraints=constraints,
            options={"node_limit": NODES, "presolve": presolve},
        )
        if result.x is not None:
            possible.append(np.round(result.x))
            values = vectors @ possible[-1]
            np.minimum(least, values, out=least)
            np.maximum(most, values, out=most)

    def is_open() -> np.ndarray:
        return most - least < PROTECTION - CLOSE

    for _ in range(TRIES):
        if is_open().any():
            look((random.standard_normal(len(hidden)) * is_open()) @ vectors)
    for place, told in enumerate(hidden):
        # HiGHS's presolve is quicker, and at times cuts solutions off (seen with scipy 1.17.1).
        for presolve, sign in product((True, False), (1, -1)):
            if is_open()[place]:
                look(sign * vectors[place], presolve)
        if is_open()[place]:
            yield told, most[place] - least[place], _binding(system, vectors[place], bounds)


def _binding(system: System, vector: np.ndarray, bounds: Bounds) -> tuple[Told, ...]:
    """What keeps a hidden number from being less or more: where a linear program has its prices."""
    sources = set()
    for sign in (1, -1):
        end = linprog(
            sign * vector,
            A_ub=system.limits if len(system.limits) else None,
            b_ub=system.limit_values if len(system.limits) else None,
            A_eq=system.known,
            b_eq=system.known_values,
            bounds=(bounds.lb, bounds.ub),
            method="highs",
        )
        sources.update(sources_of(system.known_from, np.asarray(end.eqlin.marginals)))
        sources.update(sources_of(system.limits_from, np.asarray(end.ineqlin.marginals)))
    return tuple(sorted(sources, key=str))


def sources_of(origins: list[Told | None], weights: np.ndarray) -> tuple[Told, ...]:
    """What of the published numbers has a weight in a result."""
    return tuple(
        origin
        for origin, weight in zip(origins, weights, strict=True)
        if origin is not None and abs(weight) > CLOSE
    )
