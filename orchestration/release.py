"""Publishes a release: tables, manifest and site, in a folder that never changes again."""

import filecmp
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.load import sql
from orchestration.settings import PROJECT_DIR, Settings
from orchestration.site import build_site, source_files


class ReleaseError(Exception):
    """The release could not be published; the last one stays."""


def publish_release(settings: Settings, say: Callable[[str], None] = print) -> Path:
    """Publish what the last good warehouse holds, and return the release's folder.

    A release whose content equals the latest one's is not published again: the latest one's folder
    is returned. Everything is written in a hidden folder first; one rename publishes it, another
    moves `latest`.

    Raises:
        ReleaseError: there is no warehouse yet.
        SiteError: the site did not build.
    """
    if not settings.warehouse_path.exists():
        raise ReleaseError(
            f"no warehouse at {settings.warehouse_path}: build it first (make refresh)"
        )
    settings.releases_dir.mkdir(parents=True, exist_ok=True)
    for leftover in settings.releases_dir.glob(".incoming-*"):
        shutil.rmtree(leftover)
    incoming = settings.releases_dir / f".incoming-{os.getpid()}"
    try:
        manifest = _export_marts(settings, incoming / "marts")
        manifest["content_hash"] = _content_hash(manifest, settings.site)
        if unchanged := _release_with(settings.releases_dir, manifest["content_hash"]):
            _point_latest(settings.releases_dir, unchanged.name)
            say(f"nothing changed since release {unchanged.name}: no new release")
            return unchanged
        created_at = datetime.now(UTC)
        release_id = f"{created_at:%Y%m%dT%H%M%SZ}-{manifest['content_hash'][:8]}"
        manifest = {
            "release_id": release_id,
            "created_at": created_at.isoformat(timespec="seconds"),
            "has_site": settings.site,
            **manifest,
        }
        if settings.site:
            work_dir = settings.data_dir / "site"
            build_site(incoming / "marts", manifest, incoming / "site", work_dir, say)
            share_files(incoming / "site", settings.releases_dir / "latest" / "site")
        text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=False)
        (incoming / "manifest.json").write_text(text + "\n", encoding="utf-8")
        _make_read_only(incoming)
        release_dir = settings.releases_dir / release_id
        incoming.rename(release_dir)
        _close_folders(release_dir)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
    _point_latest(settings.releases_dir, release_id)
    say(f"published release {release_id}: {len(manifest['tables'])} tables")
    return release_dir


def _export_marts(settings: Settings, marts_dir: Path) -> dict[str, Any]:
    """Write each public table as one Parquet file, rows in a fixed order, and describe them all."""
    marts_dir.mkdir(parents=True)
    tables = []
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        as_of_date, version = connection.execute("from build.info").fetchone()
        for schema, table in connection.execute("from build.tables").fetchall():
            path = marts_dir / f"{table}.parquet"
            connection.execute(
                f"copy (from {schema}.{table} order by all) to {sql.text(str(path))}"
                " (format parquet, compression zstd)"
            )
            rows = connection.execute(f"select count(*) from {schema}.{table}").fetchone()[0]
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            tables.append({"table": table, "domain": schema, "rows": rows, "sha256": digest})
        batches = _records(connection, "from build.batches order by batch_id")
        tests = _records(connection, "from build.tests order by name")
    return {
        "as_of_date": as_of_date.isoformat(),
        "code_version": version,
        "duckdb_version": duckdb.__version__,
        "tables": tables,
        "batches": batches,
        "tests": tests,
    }


def _records(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    relation = connection.sql(query)
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def _content_hash(manifest: dict[str, Any], has_site: bool) -> str:
    """A hash of what a reader sees: the as-of date, the tables, and the pages if there are any."""
    digest = hashlib.sha256(manifest["as_of_date"].encode())
    for table in manifest["tables"]:
        digest.update(f"{table['table']} {table['sha256']}\n".encode())
    for path in source_files() if has_site else []:
        digest.update(str(path.relative_to(PROJECT_DIR)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _release_with(releases_dir: Path, content_hash: str) -> Path | None:
    """The latest release or one published after it, if its content is this.

    There is one after the latest if a refresh was killed between publishing it and moving `latest`.
    """
    latest = releases_dir / "latest"
    first = latest.readlink().name if latest.is_symlink() else ""
    for path in sorted(releases_dir.glob("*/manifest.json"), reverse=True):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        is_candidate = path.parent != latest and path.parent.name >= first
        if is_candidate and manifest["content_hash"] == content_hash:
            return path.parent
    return None


def share_files(site_dir: Path, earlier_dir: Path) -> None:
    """Let a site share the files that are the same in an earlier one, by hard links.

    Most of a site is engines and fonts that no release changes; the disk holds them once.
    """
    for path in site_dir.rglob("*"):
        earlier = earlier_dir / path.relative_to(site_dir)
        if path.is_file() and earlier.is_file() and filecmp.cmp(path, earlier, shallow=False):
            path.unlink()
            path.hardlink_to(earlier)


def _make_read_only(folder: Path) -> None:
    """Take the write permission off every file below a folder."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)


def _close_folders(release_dir: Path) -> None:
    """Take the write permission off a release's folders: nothing can be added or removed."""
    for folder in (release_dir, *(path for path in release_dir.rglob("*") if path.is_dir())):
        folder.chmod(folder.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


def _point_latest(releases_dir: Path, release_id: str) -> None:
    """Move `latest` to a release by one atomic rename."""
    link = releases_dir / f".latest-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id)
    link.replace(releases_dir / "latest")
