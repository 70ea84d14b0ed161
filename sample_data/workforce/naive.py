"""The comparison that misleads: whoever ever enrolled against whoever never did."""

import numpy as np

from .workforce import LATERAL, PROMOTION, Workforce


def everyone(workforce: Workforce) -> tuple[np.ndarray, np.ndarray]:
    """Return counts [never or ever enrolled] and sums of outcomes [never or ever, outcome].

    Of all who were eligible at some time: not left voluntarily, not left, promoted, moved, either,
    at any time of the window. It is what was drawn, an estimate, and wrong on purpose: those who
    enroll are other people (sorting), and had to stay until they could (immortal time).
    """
    spells, log = workforce.spells, workforce.log
    first = np.datetime64(workforce.world.first_day, "D")
    has = {}
    for kind in (PROMOTION, LATERAL):
        has[kind] = np.zeros(len(workforce), dtype=bool)
        has[kind][log["worker"][(log["kind"] == kind) & (log["day"] >= first)]] = True
    left_voluntarily, left = (spells.how == "voluntary").any(axis=1), ~np.isnat(spells.ended)
    outcomes = np.stack(
        [~left_voluntarily, ~left.any(axis=1), has[PROMOTION], has[LATERAL],
         has[PROMOTION] | has[LATERAL]]
    )  # fmt: skip
    is_eligible = (~np.isnat(spells.eligible_from)).any(axis=1)
    ever = ~np.isnat(workforce.enroll_month)
    groups = (is_eligible & ~ever, is_eligible & ever)
    return (
        np.array([group.sum() for group in groups]),
        np.array([outcomes[:, group].sum(axis=1) for group in groups]),
    )
