"""The attack: tries to work out of an account's tables what they hide, and says what it found.

It shares no code with what suppresses, only how the smallest groups are read from the marts.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from orchestration.account_tables.journey import STAGES
from orchestration.account_tables.limits import (
    CODED_FROM,
    HIGH,
    LEAST_ANSWERERS,
    LOW,
    MINIMUM,
    is_few,
)
from orchestration.account_tables.marts import ask, open_marts
from orchestration.account_tables.solve import findings
from orchestration.account_tables.system import System, system_of
from orchestration.account_tables.told import (
    opinions_before,
    opinions_of,
    read_releases,
    rows_of,
    told_before,
)
from orchestration.account_tables.unknowns import Release, Told


def attack(folder: Path, account_id: str, earlier: Sequence[Path] = ()) -> list[str]:
    """What can be worked out of what the tables of an account hide, in words; empty if nothing.

    `folder` holds the release's marts and account tables, `earlier` are releases before it. Those
    that have no account tables told nothing.

    Raises:
        FileNotFoundError: a table is not there; the message names it.
    """
    with open_marts() as connection:
        stages = ask(connection, folder, STAGES)
        now = read_releases(connection, folder, account_id)
    if account_id not in now:
        return [f"{account_id} has no tables in this release"]
    releases = [*told_before(earlier).get(account_id, ()), now[account_id]]
    previous = {stage["stage_code"]: stage["from_code"] for stage in stages}
    system = system_of(releases, previous)
    names = [release.name for release in releases]
    names[-1] = "this"
    found = [
        *told_of_few(releases[-1], system),
        *_beside(folder, account_id),
        *_told_by_late_answers(folder, account_id, earlier),
    ]
    return found + [finding.words for finding in findings(system, names)]


def told_of_few(release: Release, system: System) -> Iterator[str]:
    """Journey rows that show what none may: few people, an end of the scale, or what is not so."""
    for row in release.rows:
        key = (row["cut"], row["member_code"], row["stage_code"])
        where = f"{key[0]} {key[1]}, {key[2]}"
        both = [Told(system.last, key, count) for count in ("numerator", "denominator")]
        numerator, denominator = (system.sums[told] @ system.truth for told in both)
        shown = [row["numerator_count"], row["denominator_count"]]
        if any(is_few(count) for count in shown if count is not None):
            yield f"{where}: fewer than {MINIMUM} people are shown"
        if shown[0] not in (None, numerator) or shown[1] not in (None, denominator):
            yield f"{where}: what is shown is not what the marts hold"
        if None in shown:
            if any(row.get(name) is not None for name in ("rate", "ci_low", "ci_high")):
                yield f"{where}: a rate is shown of counts that are hidden"
        else:
            if is_few(denominator - numerator):
                yield f"{where}: fewer than {MINIMUM} people are left over"
            if not LOW * denominator < numerator < HIGH * denominator:
                yield f"{where}: a share of nearly none or nearly all is shown"
        yield from _told_as_share(row, where, numerator, denominator)


def _told_as_share(
    row: Mapping[str, Any], where: str, numerator: float, denominator: float
) -> Iterator[str]:
    text = row["share_text"]
    if text and (row["denominator_count"] is None or denominator < CODED_FROM):
        yield f"{where}: a coded share leaves few counts"
    if (text == "at most 5 %" and numerator > LOW * denominator) or (
        text == "at least 95 %" and numerator < HIGH * denominator
    ):
        yield f"{where}: the coded share is not so"


def _beside(folder: Path, account_id: str) -> Iterator[str]:
    """What the tables beside the journey show although it is of few people, or too exact."""
    for row in rows_of(folder, "account_profile", account_id):
        if not _is_rounded(row["enrolled_to_date"], MINIMUM):
            yield "profile: enrolled_to_date is not in tens"
    for row in rows_of(folder, "account_outcomes", account_id):
        where = f"outcome {row['outcome_code']}"
        counts = (row["treated_count"], row["matched_count"])
        if not all(_is_rounded(count, MINIMUM) for count in counts):
            yield f"{where}: people are not in tens"
        rates = (row["treated_rate"], row["comparison_rate"])
        numbers = [*rates, *(row[name] for name in ("adjusted_difference", "ci_low", "ci_high"))]
        if None in counts and any(number is not None for number in numbers):
            yield f"{where}: something is told of fewer than {MINIMUM} people"
        if None in numbers and any(number is not None for number in numbers):
            yield f"{where}: with the interval, what is told tells the rates that are not"
        if row["unit"] == "share":
            for rate in rates:
                if rate is not None and not (LOW <= rate <= HIGH and _is_rounded(rate * 100, 1)):
                    yield f"{where}: a rate is too exact, or of nearly none or nearly all"
    for row in rows_of(folder, "account_voice", account_id):
        where = f"voice {row['chain_role']} {row['quarter_start']}"
        numbers = (row["confidence_score"], row["ci_low"], row["ci_high"])
        if row["chain_role"] == "executive_sponsor":
            yield f"{where}: what sponsors say is the provider's own"
        if row["is_hidden"] and numbers != (None, None, None):
            yield f"{where}: a hidden score is shown"
        if not row["is_hidden"] and (row["people_count"] or 0) < LEAST_ANSWERERS:
            yield f"{where}: fewer than {LEAST_ANSWERERS} people answered"
        if not all(_is_rounded(number, 1) for number in numbers):
            yield f"{where}: a score is too exact"
        if not _is_rounded(row["people_count"], LEAST_ANSWERERS):
            yield f"{where}: people are not in fives"


def _told_by_late_answers(folder: Path, account_id: str, earlier: Sequence[Path]) -> Iterator[str]:
    """Scores that together with an earlier release's tell of the few answers between them."""
    before = opinions_before(earlier)
    for key, now in opinions_of(folder, account_id).items():
        for then in before.get(key, ()):
            moved = {response_id for response_id, _ in now ^ then}
            if 0 < len(moved) < LEAST_ANSWERERS:
                _, role, quarter = key
                yield f"voice {role} {quarter}: an earlier score tells of {len(moved)} answers"


def _is_rounded(value: float | None, step: int) -> bool:
    """Whether a number is a multiple of a step, and not below it but for 0 to 100 in points."""
    return value is None or abs(value / step - round(value / step)) < 1e-9
