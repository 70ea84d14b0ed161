"""Removes old releases by a rule: `python -m orchestration.retention`.

Without APPLY=1 it only tells what would go, and why each other release stays. RETENTION_DAYS says
for how many days every release stays, 90 if it is not set.
"""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.account_tables.told import told_before
from orchestration.lock import hold_data, hold_releases
from orchestration.release_files import (
    ReleaseError,
    latest_release,
    published_at,
    read_manifest,
    releases_in,
)
from orchestration.release_index import REMOVING, settle
from orchestration.release_ledger import Ledger
from orchestration.settings import load_settings


@dataclass(frozen=True)
class Verdict:
    """What becomes of a release: why it stays, or nothing if it goes."""

    release: Path
    reason: str | None


def judge_releases(
    releases_dir: Path, delivered: Mapping[str, set[str]], now: datetime, days: int
) -> list[Verdict]:
    """Return for each release, oldest first, why it stays, or that it goes.

    It stays if it is the latest, was handed over, is not older than `days`, or is the last one of
    the month it was published in (UTC), of those not taken back by a rollback if there are any. Of
    the others it stays if a bundle of it told its account what no release that stays tells: a later
    bundle must not show what that one gives away, so it has to be known.

    Args:
        releases_dir: The folder of the releases.
        delivered: The accounts by release, of those that landed rows tell of; see `deliveries`.
        now: The time that ages count from, UTC.
        days: For how many days every release stays.
    """
    ledger = Ledger(releases_dir)
    handed_over, taken_back = ledger.handed_over(), ledger.taken_back()
    latest = latest_release(releases_dir)
    releases = releases_in(releases_dir)
    last_of_month: dict[str, Path] = {}
    for release in sorted(releases, key=lambda path: (path.name not in taken_back, path)):
        last_of_month[f"{published_at(release.name):%Y-%m}"] = release

    def reason(release: Path) -> str | None:
        accounts = {*handed_over.get(release.name, ()), *delivered.get(release.name, ())}
        published = published_at(release.name)
        month = f"{published:%Y-%m}"
        if release == latest:
            return "it is the latest"
        if accounts:
            return f"it was handed over to {', '.join(sorted(accounts))}"
        if now - published <= timedelta(days=days):
            return f"it is not older than {days} days"
        return f"it is the last of {month}" if last_of_month[month] == release else None

    reasons = {release: reason(release) for release in releases}
    going = [release for release in releases if reasons[release] is None and _bundles_of(release)]
    known = dict(told_before([each for each in releases if reasons[each]])) if going else {}
    for release in going:
        told = told_before([release])
        alone = {
            account: own
            for account in _bundles_of(release)
            for own in told.get(account, ())
            if not any(own.is_told_by(other) for other in known.get(account, ()))
        }
        if alone:
            accounts = ", ".join(alone)
            reasons[release] = f"no other that stays says what it told {accounts}"
            known |= {account: [*known.get(account, ()), own] for account, own in alone.items()}
    return [Verdict(release, reasons[release]) for release in releases]


def _bundles_of(release: Path) -> list[str]:
    """The accounts that a release has a bundle of."""
    bundles = read_manifest(release).get("bundles", [])
    return sorted(bundle["account_id"] for bundle in bundles if bundle["is_published"])


def deliveries(raw_path: Path) -> dict[str, set[str]]:
    """Return the accounts by release that a landed `report_delivery` says it was delivered to.

    Raises:
        ReleaseError: there is no raw database, so that nobody knows.
    """
    if not raw_path.is_file():
        raise ReleaseError(
            f"no raw database at {raw_path}, so nobody knows which releases were handed over:"
            " set DATA_DIR; nothing was removed"
        )
    told: dict[str, set[str]] = {}
    with duckdb.connect(str(raw_path), read_only=True) as connection:
        rows = connection.execute(
            "select distinct release_id, account_id from raw_stakeholder.report_delivery"
            " where release_id is not null"
        ).fetchall()
    for release_id, account in rows:
        told.setdefault(release_id, set()).add(account)
    return told


def remove_releases(
    releases_dir: Path, verdicts: list[Verdict], say: Callable[[str], None] = print
) -> None:
    """Remove the releases that go.

    Each disappears by one rename to a hidden name. If this is killed, whatever touches the releases
    next removes the rest.
    """
    for verdict in verdicts:
        if verdict.reason is None:
            verdict.release.rename(releases_dir / f"{REMOVING}{verdict.release.name}")
    settle(releases_dir, say)


def prune_releases(*, apply: bool, days: int) -> None:
    """Tell what goes and why the others stay, and remove what goes if `apply`."""
    settings = load_settings()
    hold_data(settings.data_dir)
    if apply:
        hold_releases(settings.releases_dir)
        settle(settings.releases_dir)
    told = deliveries(settings.raw_path)
    verdicts = judge_releases(settings.releases_dir, told, datetime.now(UTC), days)
    for verdict in verdicts:
        stays = f"stays: {verdict.reason}" if verdict.reason else "goes"
        print(f"{verdict.release.name} {stays}")
    going = sum(verdict.reason is None for verdict in verdicts)
    if apply and going:
        remove_releases(settings.releases_dir, verdicts)
    done = "removed" if apply else "would be removed; with APPLY=1 they are"
    print(f"{going} of {len(verdicts)} releases {done}")


def main() -> int:
    """Prune and return 0, or say why not and return 1."""
    days = os.environ.get("RETENTION_DAYS", "").strip() or "90"
    apply = os.environ.get("APPLY", "").strip() or "0"
    if not days.isdecimal() or apply not in ("0", "1"):
        print(f"RETENTION_DAYS={days!r} must be a number of days, and APPLY={apply!r} 0 or 1")
        return 1
    try:
        prune_releases(apply=apply == "1", days=int(days))
    except ReleaseError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
