"""What can be worked out from a linear system of published numbers.

Sources: Federal Committee on Statistical Methodology 2005, Statistical Policy Working Paper 22,
chapter IV: auditing a suppression pattern by the row space of what is published.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from orchestration.account_tables.bounds import sources_of, too_near
from orchestration.account_tables.limits import COUNTS, MINIMUM, is_few
from orchestration.account_tables.system import System
from orchestration.account_tables.unknowns import Told

CLOSE = 1e-6


@dataclass(frozen=True)
class Finding:
    """A number that can be worked out although it is not told, and what gives it away."""

    words: str
    sources: tuple[Told, ...]


def findings(
    system: System, names: list[str], possible: list[np.ndarray] | None = None
) -> list[Finding]:
    """Everything that can be worked out of what is hidden; `names` are the releases, oldest first.

    A hidden number is found out if too few people lie between the least and the most that it can
    be (see bounds.py). Fewer people than the minimum are found out if a sum of hidden numbers, a
    difference of told ones or a smallest group is known to be so few. `possible` gathers whole
    solutions: they stay solutions when more is hidden.
    """
    if not len(system.known):
        return []
    few = [*_derived(system, names), *_smallest(system, names)]
    vectors = [system.sums[told] for told in system.hidden]
    weights, is_known = _combinations(system.known, [*vectors, *(vector for _, vector in few)])
    found, open_numbers = [], []
    for place, told in enumerate(system.hidden):
        if is_known[place]:
            words = f"{_words(told, names)} is a sum and difference of what is shown"
            found.append(Finding(words, sources_of(system.known_from, weights[:, place])))
        else:
            open_numbers.append(told)
    for place, (words, _) in enumerate(few, start=len(vectors)):
        if is_known[place]:
            found.append(Finding(words, sources_of(system.known_from, weights[:, place])))
    for told, people, sources in too_near(system, open_numbers, possible):
        found.append(Finding(f"{_words(told, names)} is known to {people:.0f} people", sources))
    return found


def _derived(system: System, names: list[str]) -> Iterator[tuple[str, np.ndarray]]:
    """Sums of hidden numbers and differences of releases that are of a few people."""
    last, sums = system.last, system.sums
    margins: dict[tuple[str, str, str], list[np.ndarray]] = {}
    for told in system.hidden:
        cut, _, stage = told.key
        if told.release == last and cut != "all":
            margins.setdefault((cut, stage, told.count), []).append(sums[told])
            if told.count == "numerator":
                rest = sums[Told(last, told.key, "denominator")] - sums[told]
                margins.setdefault((cut, stage, "complement"), []).append(rest)
    for (cut, stage, count), vectors in margins.items():
        words = f"the hidden {cut}s at {stage} ({count}) are together known to be a few people"
        if is_few(sum(vectors) @ system.truth):
            yield words, sum(vectors)
    for told in list(sums):
        if told.release != last or told.count != "numerator":
            continue
        cut, member, stage = told.key
        for earlier in range(last):
            if Told(earlier, told.key, "numerator") not in sums:
                continue
            both = [
                sums[Told(last, told.key, count)] - sums[Told(earlier, told.key, count)]
                for count in COUNTS
            ]
            for count, vector in zip(
                (*COUNTS, "complement"), (*both, both[1] - both[0]), strict=True
            ):
                if is_few(abs(vector @ system.truth)):
                    where = f"{cut} {member}, {stage} ({count})"
                    yield f"{where}: the difference from release {names[earlier]} is known", vector


def _smallest(system: System, names: list[str]) -> Iterator[tuple[str, np.ndarray]]:
    """Few people of a program: in one intake, or in those that one stage counts more than another.

    Who took a step, who did not, and who came to it; nobody of somebody is a few people too.
    """
    unknowns = system.unknowns
    sets = {frozenset(of) for release in unknowns.intakes for of in release.values()}
    seen = set()
    for release, stage, program in dict.fromkeys(unknown[:3] for unknown in unknowns.values):
        own = unknowns.intakes[release][stage]
        parts = {frozenset({intake}) for intake in own} | {frozenset(own - other) for other in sets}
        for part in sorted(filter(None, parts), key=sorted):
            reached, people = unknowns.group(release, stage, program, part)
            if (same := (reached.tobytes(), people.tobytes())) in seen:
                continue
            seen.add(same)
            if not people @ system.truth:
                continue
            where = f"release {names[release]}, {program} of {', '.join(sorted(part))}, {stage}"
            if is_few(people @ system.truth):
                yield f"{where}: fewer than {MINIMUM} people are known", people
            for words, vector in (("took it", reached), ("did not", people - reached)):
                if vector @ system.truth < MINIMUM:
                    yield f"{where}: it is known that fewer than {MINIMUM} {words}", vector


def _combinations(known: np.ndarray, vectors: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """For each vector the weights of the known rows that come closest, and whether they make it."""
    if not vectors:
        return np.zeros((len(known), 0)), np.zeros(0, bool)
    wanted = np.array(vectors).T
    weights = np.linalg.lstsq(known.T, wanted, rcond=None)[0]
    return weights, np.abs(known.T @ weights - wanted).max(axis=0) < CLOSE


def _words(told: Told, names: list[str]) -> str:
    cut, member, stage = told.key
    return f"release {names[told.release]}, {cut} {member}, {stage}: the hidden {told.count}"
