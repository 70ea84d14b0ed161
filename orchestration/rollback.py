"""Moves `latest` to another release: `python -m orchestration.rollback`, RELEASE names it."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from orchestration.lock import hold_releases
from orchestration.release_files import ReleaseError, find_release, latest_release, read_manifest
from orchestration.release_index import settle
from orchestration.release_ledger import ROLLED_BACK
from orchestration.settings import load_settings
from orchestration.verify_release import verify_release


def roll_back(releases_dir: Path, release_id: str, say: Callable[[str], None] = print) -> None:
    """Give readers another release that is still there, an earlier or a later one.

    The releases between the two stay where they are and are named in no list of versions until
    `latest` is moved to them again. A refresh whose content is that of one of them does not publish
    it again; any other refresh publishes a new release, and `latest` moves on to that.

    Raises:
        ReleaseError: there is no such release, or it is not as it was published.
    """
    ledger = settle(releases_dir, say)  # what a killed publication left
    release = find_release(releases_dir, release_id)
    if findings := verify_release(release):
        raise ReleaseError(
            f"release {release.name} is not as it was published, so latest stays:\n"
            + "\n".join(findings)
        )
    before = latest_release(releases_dir)
    if before == release:
        say(f"latest is {release.name} already: nothing to do")
        return
    ledger.add(ROLLED_BACK, release.name, from_release_id=before.name)
    settle(releases_dir, say)
    say(f"readers now get release {release.name}, as of {read_manifest(release)['as_of_date']}")


def main() -> int:
    """Move `latest` and return 0, or say why not and return 1."""
    settings = load_settings()
    release_id = os.environ.get("RELEASE", "").strip()
    try:
        hold_releases(settings.releases_dir)
        roll_back(settings.releases_dir, release_id)
    except ReleaseError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
