"""What lies beside the releases: `latest`, the pages that lead to it, the lists of versions.

Each command does one atomic step: a folder is renamed, an event is written. `settle` does the rest,
so what a killed command left undone is done by the next one.
"""

import html
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from orchestration.release_files import (
    CHECKSUMS,
    ReleaseError,
    latest_release,
    point_latest,
    read_manifest,
    releases_in,
    remove_folder,
    sha256,
    write_atomically,
)
from orchestration.release_ledger import PUBLISHED, REMOVED, Ledger

REMOVING = ".removing-"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url={url}">
<meta name="robots" content="noindex">
<title>The latest report</title>
</head>
<body><p><a href="{url}">The latest report, as of {as_of_date}</a></p></body>
</html>
"""
_NO_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>No report yet</title></head>
<body><p>No release has a report yet. A refresh with SITE=1 publishes one.</p></body>
</html>
"""


def settle(releases_dir: Path, say: Callable[[str], None] = print) -> Ledger:
    """Bring what lies beside the releases in line with them and with the ledger, and return that.

    A release that appeared is entered into the ledger, one that is going is entered and removed,
    `latest` is put where the ledger says, and the lists are written anew.
    """
    ledger = Ledger(releases_dir)
    going = [*releases_dir.glob(f"{REMOVING}*")]
    removed = {event["release_id"] for event in ledger.of(REMOVED)}
    for folder in going:
        release_id = folder.name.removeprefix(REMOVING)
        if release_id not in removed:
            ledger.add(REMOVED, release_id, reason="retention")
    for release in releases_in(releases_dir):
        # An older one that the ledger does not know was not published here: verify names it.
        if release.name > max(ledger.ids(), default=""):
            sums = release / CHECKSUMS
            ledger.add(
                PUBLISHED,
                release.name,
                checksums_sha256=sha256(sums) if sums.is_file() else None,
                content_hash=read_manifest(release)["content_hash"],
            )
    before = latest_release(releases_dir)
    target = ledger.latest({release.name for release in releases_in(releases_dir)})
    if target and (before is None or before.name != target):
        point_latest(releases_dir, target)
        say(f"latest is now {target}" + (f", before {before.name}" if before else ""))
    write_index(releases_dir, ledger, say)
    for folder in (*going, *releases_dir.glob(".incoming-*")):
        remove_folder(folder)
    return ledger


def write_index(releases_dir: Path, ledger: Ledger, say: Callable[[str], None] = print) -> None:
    """Write the front page and the list of versions, of the main site and of each account's.

    They name the releases up to the latest that have a site, without those taken back: their pages
    still open at their own address, and say that another is the latest.
    """
    latest = latest_release(releases_dir)
    taken_back = ledger.taken_back()
    manifests = []
    for release in reversed(releases_in(releases_dir)):
        if latest and release <= latest and release.name not in taken_back:
            try:
                manifests.append(read_manifest(release))
            except ReleaseError as error:
                say(f"not in the list of versions: {error}")
    # A release of a version that knew no bundles was built for the root of a host: not for here.
    with_site = [each for each in manifests if each["has_site"] and "bundles" in each]
    _write_versions(releases_dir, [_version(manifest, "site/") for manifest in with_site])
    by_account: dict[str, list[dict[str, Any]]] = {}
    for manifest in with_site:
        for bundle in manifest["bundles"]:
            if bundle["is_published"]:
                account = bundle["account_id"]
                version = _version(manifest, f"accounts/{quote(account, safe='')}/site/")
                by_account.setdefault(account, []).append(version)
    accounts_dir = releases_dir / "accounts"
    for account, versions in by_account.items():
        (accounts_dir / account).mkdir(parents=True, exist_ok=True)
        _write_versions(accounts_dir / account, versions)
    for page in accounts_dir.glob("*/index.html"):
        if page.parent.name not in by_account:
            shutil.rmtree(page.parent)


def latest_with_site(releases_dir: Path) -> Path | None:
    """Return the release whose report `/` leads to, if there is one: the first of versions.json."""
    path = releases_dir / "versions.json"
    listed = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"latest": None}
    return releases_dir / listed["latest"] if listed["latest"] else None


def _version(manifest: dict[str, Any], path: str) -> dict[str, Any]:
    columns = ("release_id", "as_of_date", "created_at")
    url = f"/{manifest['release_id']}/{path}"
    return {**{column: manifest[column] for column in columns}, "url": url}


def _write_versions(folder: Path, versions: list[dict[str, Any]]) -> None:
    """Write `versions.json`, newest first, and the page that leads to the first."""
    latest = versions[0] if versions else None
    listed = {"latest": latest and latest["release_id"], "releases": versions}
    text = json.dumps(listed, indent=2, ensure_ascii=False)
    write_atomically(folder / "versions.json", text + "\n")
    page = _NO_PAGE
    if latest:
        page = _PAGE.format(
            url=html.escape(latest["url"]), as_of_date=html.escape(latest["as_of_date"])
        )
    write_atomically(folder / "index.html", page)
