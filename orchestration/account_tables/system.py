"""Everything that releases told an account of its journey, as one linear system.

The unknowns are the smallest groups: how many of one stage, program and intake came this far, and
of how many. Whoever asks is taken to know the most: which numbers are the same in two releases or
are told twice under two names, and what a coded share says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from orchestration.account_tables.limits import COUNTS, HIGH, LOW, MINIMUM
from orchestration.account_tables.unknowns import Release, Told, Unknowns


@dataclass
class System:
    """Known sums (equal), limits (at most), and the hidden numbers, over the same unknowns."""

    truth: np.ndarray
    known: np.ndarray
    known_values: np.ndarray
    known_from: list[Told]
    limits: np.ndarray
    limit_values: np.ndarray
    limits_from: list[Told | None]
    sums: dict[Told, np.ndarray]
    hidden: list[Told]
    unknowns: Unknowns

    @property
    def last(self) -> int:
        """The newest release."""
        return len(self.unknowns.intakes) - 1


def system_of(
    releases: Sequence[Release], previous: Mapping[str, str], unknowns: Unknowns | None = None
) -> System:
    """The system of an account's releases, oldest first; `previous` is the stage before each.

    What several releases tell of the same people stands in it once, from the oldest. What one
    hides although an earlier one told it of the same people is no secret.
    """
    unknowns = unknowns or Unknowns(releases, previous)
    sums, hidden, told_of, hidden_of = {}, [], set(), set()
    known: list[tuple[np.ndarray, float, Told]] = []
    limits: list[tuple[np.ndarray, float, Told | None]] = list(unknowns.nested())
    for place, release in enumerate(releases):
        for row in release.rows:
            key = (row["cut"], row["member_code"], row["stage_code"])
            both = [Told(place, key, count) for count in COUNTS]
            for told in both:
                sums[told] = unknowns.vector(told)
                same = sums[told].tobytes()
                value = row[f"{told.count}_count"]
                if value is None and same not in told_of | hidden_of:
                    hidden_of.add(same)
                    hidden.append(told)
                elif value is not None and same not in told_of:
                    told_of.add(same)
                    known.append((sums[told], value, told))
            limits += _hints(row, *(sums[told] for told in both), both[0])
        limits += _enrolled(release, place, sums)
    return System(
        truth=unknowns.truth,
        known=_matrix([vector for vector, *_ in known], unknowns.size),
        known_values=np.array([value for _, value, _ in known], float),
        known_from=[told for *_, told in known],
        limits=_matrix([vector for vector, *_ in limits], unknowns.size),
        limit_values=np.array([value for _, value, _ in limits], float),
        limits_from=[told for *_, told in limits],
        sums=sums,
        hidden=hidden,
        unknowns=unknowns,
    )


def _hints(
    row: Mapping[str, Any], numerator: np.ndarray, denominator: np.ndarray, told: Told
) -> Iterator[tuple[np.ndarray, float, Told]]:
    """What a coded share tells of the counts."""
    if row["share_text"] == "at most 5 %":
        yield numerator - LOW * denominator, 0, told
    elif row["share_text"] == "at least 95 %":
        yield HIGH * denominator - numerator, 0, told


def _enrolled(
    release: Release, place: int, sums: Mapping[Told, np.ndarray]
) -> Iterator[tuple[np.ndarray, float, None]]:
    """Those enrolled to date, told in tens, are not fewer than those of the published intakes."""
    enrolled = Told(place, ("all", "all", "activated"), "denominator")
    if release.enrolled_to_date is not None and enrolled in sums:
        yield sums[enrolled], release.enrolled_to_date + MINIMUM - 1, None


def _matrix(vectors: Sequence[np.ndarray], size: int) -> np.ndarray:
    return np.array(vectors, float).reshape(len(vectors), size)
