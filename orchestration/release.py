"""Publishes a release: tables, what changed, pages and bundles, in a folder that never changes."""

import json
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.account_tables import write_account_tables
from orchestration.bundle_requests import asked_accounts
from orchestration.bundles import build_bundles
from orchestration.changes import write_changes
from orchestration.dbt_docs import write_docs
from orchestration.release_content import content_hash, export_marts
from orchestration.release_files import (
    ReleaseError,
    close_folder,
    latest_release,
    new_id,
    read_manifest,
    releases_in,
    remove_folder,
    share_files,
    write_checksums,
)
from orchestration.release_index import latest_with_site, settle
from orchestration.release_ledger import Ledger
from orchestration.settings import Settings
from orchestration.site import build_site
from orchestration.site_pack import pack_files


def publish_release(settings: Settings, say: Callable[[str], None] = print) -> Path:
    """Publish what the last good warehouse holds, and return the folder that readers get.

    A release whose content equals the latest one's is not published again; nor is one that equals a
    later one from which `latest` was rolled back. Everything is written in a hidden folder first;
    one rename publishes it. Until then a failure leaves everything as it was.

    Raises:
        ReleaseError: there is no warehouse yet, or the ledger of the releases cannot be read.
        DocsError: the page of the models could not be written.
        SiteError: the site did not build.
        BundleError: account_bundles.csv is wrong, or no bundle could be built.
    """
    if not settings.warehouse_path.exists():
        raise ReleaseError(
            f"no warehouse at {settings.warehouse_path}: build it first (make refresh)"
        )
    releases_dir = settings.releases_dir
    releases_dir.mkdir(parents=True, exist_ok=True)
    ledger = settle(releases_dir, say)
    latest = latest_release(releases_dir)
    incoming = releases_dir / f".incoming-{os.getpid()}"
    try:
        manifest = export_marts(settings, incoming / "marts")
        accounts = asked_accounts(settings.landing_dir) if settings.site else []
        manifest["content_hash"] = content_hash(manifest, settings.site, accounts)
        if latest and (told := _stands_already(ledger, latest, manifest["content_hash"])):
            say(told)
            return latest
        now = datetime.now(UTC)
        known = {*ledger.ids(), *(release.name for release in releases_in(releases_dir))}
        release_id = new_id(manifest["content_hash"], now, known)
        # A report tells what changed since the last report: its readers saw no release without one.
        before = (settings.site and latest_with_site(releases_dir)) or latest
        manifest = {
            "release_id": release_id,
            "created_at": now.isoformat(timespec="seconds"),
            "has_site": settings.site,
            "earlier_release_id": before.name if before else None,
            "earlier_as_of_date": read_manifest(before)["as_of_date"] if before else None,
            **manifest,
        }
        _write_parts(settings, incoming, manifest, before, accounts, say)
        text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=False)
        (incoming / "manifest.json").write_text(text + "\n", encoding="utf-8")
        if before:
            share_files(incoming, before)
        write_checksums(incoming)
        close_folder(incoming)
        release = incoming.rename(releases_dir / release_id)
    finally:
        if incoming.exists():
            remove_folder(incoming)
    settle(releases_dir, say)
    say(
        f"published release {release_id}: {len(manifest['tables'])} tables,"
        f" {manifest['changes_count']} values changed"
    )
    return release


def _stands_already(ledger: Ledger, latest: Path, content: str) -> str | None:
    """What to say if the latest release, or one that was taken back from after it, has the content.

    After a rollback the same landed rows give the same content again: it was taken back on purpose,
    and that stands though retention removed it.
    """
    for release_id in ledger.with_content(content):
        told = f"nothing changed since release {release_id}: no new release"
        if release_id == latest.name:
            return told
        if release_id > latest.name:
            told += f". It was taken back: readers go on getting {latest.name}"
            if not (latest.parent / release_id).is_dir():
                return f"{told} until the content is another; the release itself was removed"
            return f"{told}; `make rollback RELEASE={release_id}` gives them this one again"
    return None


def _write_parts(
    settings: Settings,
    folder: Path,
    manifest: dict[str, Any],
    before: Path | None,
    accounts: Sequence[str],
    say: Callable[[str], None],
) -> None:
    """Write all that is made from the tables, and what became of it into the manifest."""
    every = releases_in(settings.releases_dir)
    # Every one limits what this one may show of an account; those taken back too: they were read.
    earlier = [path for path in every if (path / "account_tables").is_dir()]
    manifest["changes_count"] = write_changes(settings, folder, manifest, before)
    write_account_tables(folder, manifest, earlier)
    manifest["bundles"] = []
    if not settings.site:
        return
    work_dir = settings.data_dir / "site"
    write_docs(settings, folder)
    pack_files(folder / "docs")
    build_site(folder, manifest, work_dir, say)
    manifest["bundles"] = build_bundles(
        folder, manifest, accounts, work_dir, earlier, settings.raw_path, say
    )
    published = {row["account_id"] for row in manifest["bundles"] if row["is_published"]}
    there = {path.name for path in (folder / "accounts").glob("*")}
    if there != published:
        raise ReleaseError(f"bundles that may not be there, or are missing: {there ^ published}")
    for bundle in manifest["bundles"]:
        if not bundle["is_published"]:
            say(f"NOT PUBLISHED: the bundle of {bundle['account_id']}: {bundle['reason']}")
