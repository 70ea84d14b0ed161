"""Records that an account was given its bundle: `python -m orchestration.hand_over`.

The variables RELEASE and ACCOUNT say which. A release that was handed over is never removed.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from orchestration.lock import hold_releases
from orchestration.release_files import ReleaseError, find_release, read_manifest
from orchestration.release_index import settle
from orchestration.release_ledger import HANDED_OVER
from orchestration.settings import load_settings
from orchestration.verify_release import verify_release


def hand_over(
    releases_dir: Path, release_id: str, account_id: str, say: Callable[[str], None] = print
) -> Path:
    """Record in the ledger that an account got its bundle of a release; return that folder.

    Raises:
        ReleaseError: the release is not there or not as it was published, or it has no bundle for
            the account.
    """
    ledger = settle(releases_dir, say)  # what a killed publication left
    release = find_release(releases_dir, release_id)
    if findings := verify_release(release):
        raise ReleaseError(
            f"release {release.name} is not as it was published, so hand over another:\n"
            + "\n".join(findings)
        )
    bundles = {row["account_id"]: row for row in read_manifest(release).get("bundles", [])}
    bundle = bundles.get(account_id)
    if bundle is None or not bundle["is_published"]:
        why = bundle["reason"] if bundle else "account_bundles.csv did not ask for one"
        raise ReleaseError(f"release {release.name} has no bundle for {account_id!r}: {why}")
    folder = release / "accounts" / account_id / "site"
    if account_id in ledger.handed_over().get(release.name, ()):
        say(f"release {release.name} was handed over to {account_id} already")
    else:
        ledger.add(HANDED_OVER, release.name, account_id=account_id)
        say(f"release {release.name} was handed over to {account_id} and stays for good: {folder}")
    return folder


def main() -> int:
    """Record it and return 0, or say why not and return 1."""
    settings = load_settings()
    names = {name: os.environ.get(name, "").strip() for name in ("RELEASE", "ACCOUNT")}
    try:
        hold_releases(settings.releases_dir)
        hand_over(settings.releases_dir, names["RELEASE"], names["ACCOUNT"])
    except ReleaseError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
