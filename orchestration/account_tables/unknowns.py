"""The smallest groups of people behind everything that releases told an account of its journey."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from orchestration.account_tables.limits import COUNTS
from orchestration.account_tables.marts import SPELLS, Group

Key = tuple[str, str, str]  # cut, member, stage
# What a row of the journey tells of its people; a rate and its interval are of the two counts.
TOLD = ("cut", "member_code", "stage_code", "numerator_count", "denominator_count", "share_text")


@dataclass(frozen=True)
class Release:
    """What one release told of an account, and the truth behind it."""

    name: str
    groups: Sequence[Group]
    rows: Sequence[Mapping[str, Any]]
    enrolled_to_date: int | None = None

    @property
    def content(self) -> tuple:
        """The same for releases that tell the same of people that have not changed."""
        return tuple(self.groups), tuple(tuple(row[name] for name in TOLD) for row in self.rows)

    def is_told_by(self, other: "Release") -> bool:
        """Whether another one tells all that this one does; fewer enrolled to date tell more."""
        people, others = self.enrolled_to_date, other.enrolled_to_date
        is_sum_told = people is None or (others is not None and others <= people)
        return self.content == other.content and is_sum_told


@dataclass(frozen=True)
class Told:
    """A number of a release: which count of which cell; `release` counts from the oldest."""

    release: int
    key: Key
    count: str


class Unknowns:
    """The smallest groups of all releases; numbers that are the same are one unknown."""

    def __init__(self, releases: Sequence[Release], previous: Mapping[str, str]) -> None:
        """Gather the groups of the releases, oldest first, and join what is the same."""
        self.values: dict[tuple, int] = {}
        self.intakes = []
        for place, release in enumerate(releases):
            self._add(place, release)
        self.same = {unknown: unknown for unknown in self.values}
        self._join_releases()
        self._join_stages(previous)
        roots = dict.fromkeys(self._root(unknown) for unknown in self.values)
        self.places = {root: place for place, root in enumerate(roots)}
        self.size = len(roots)
        self.truth = np.array([self.values[root] for root in roots], float)
        self.members = defaultdict(list)
        for unknown in self.values:
            release, stage, program, intake, count = unknown
            column = self.places[self._root(unknown)]
            for key in (
                ("all", "all", stage),
                ("intake", intake, stage),
                ("program", program, stage),
            ):
                self.members[Told(release, key, count)].append(column)

    def _add(self, place: int, release: Release) -> None:
        intakes: dict[str, set[str]] = defaultdict(set)
        truth = {}
        programs = {group.program for group in release.groups} - {SPELLS}
        spells = {group.stage for group in release.groups if group.program == SPELLS}
        for group in release.groups:
            intakes[group.stage].add(group.intake)
            truth[group.stage, group.program, group.intake] = group
        for stage, of_stage in intakes.items():
            for program in {SPELLS} if stage in spells else programs:
                for intake in of_stage:
                    group = truth.get((stage, program, intake))
                    for count in COUNTS:
                        value = getattr(group, count) if group else 0
                        self.values[place, stage, program, intake, count] = value
        self.intakes.append(dict(intakes))

    def _join_releases(self) -> None:
        for unknown, value in self.values.items():
            release, *rest = unknown
            for earlier in range(release):
                other = (earlier, *rest)
                if self.values.get(other) == value:
                    self._join(unknown, other)

    def _join_stages(self, previous: Mapping[str, str]) -> None:
        after = defaultdict(list)
        for stage, before in previous.items():
            after[before].append(stage)
        for unknown, value in self.values.items():
            release, stage, program, intake, count = unknown
            followers = after[stage] if count == "numerator" else after[previous.get(stage)]
            for follower in followers:
                other = (release, follower, program, intake, "denominator")
                if self.values.get(other) == value:
                    self._join(unknown, other)

    def _root(self, unknown: tuple) -> tuple:
        while self.same[unknown] != unknown:
            self.same[unknown] = self.same[self.same[unknown]]
            unknown = self.same[unknown]
        return unknown

    def _join(self, one: tuple, other: tuple) -> None:
        self.same[self._root(one)] = self._root(other)

    def vector(self, told: Told) -> np.ndarray:
        """A published count as a sum of unknowns."""
        vector = np.zeros(self.size)
        np.add.at(vector, self.members[told], 1)
        return vector

    def group(self, release: int, stage: str, program: str, intakes: Iterable[str]) -> list:
        """Of a program in some intakes: those who came this far, and of whom, as sums."""
        vectors = []
        for count in COUNTS:
            vector = np.zeros(self.size)
            for intake in intakes:
                unknown = (release, stage, program, intake, count)
                if unknown in self.values:
                    vector[self.places[self._root(unknown)]] += 1
            vectors.append(vector)
        return vectors

    def nested(self) -> Iterator[tuple[np.ndarray, float, None]]:
        """In each group no more came this far than there were."""
        seen = set()
        for unknown in self.values:
            if unknown[-1] == "denominator":
                continue
            low = self.places[self._root(unknown)]
            high = self.places[self._root((*unknown[:-1], "denominator"))]
            if low != high and (low, high) not in seen:
                seen.add((low, high))
                vector = np.zeros(self.size)
                vector[low], vector[high] = 1, -1
                yield vector, 0, None
