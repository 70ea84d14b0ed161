"""A release on disk: its id, its checksums, its permissions, and how it is linked and removed."""

import contextlib
import filecmp
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

CHECKSUMS = "checksums.sha256"
FILE_MODE = 0o444
FOLDER_MODE = 0o555

_ID = re.compile(r"(\d{8}T\d{6}Z)-[0-9a-f]{8}")
_ID_TIME = "%Y%m%dT%H%M%SZ"


class ReleaseError(Exception):
    """A release could not be published, found, moved to or removed; nothing was changed."""


def new_id(content_hash: str, now: datetime, known: Iterable[str]) -> str:
    """Return an id that sorts after every known one, whatever the clock says.

    Args:
        content_hash: Of the release's content; its first eight digits end the id.
        now: The time of publishing, UTC. The id carries it, or a second more than the last id.
        known: The ids there are or ever were.
    """
    moment = now.replace(microsecond=0)
    if last := max(known, default=None):
        moment = max(moment, published_at(last) + timedelta(seconds=1))
    return f"{moment:{_ID_TIME}}-{content_hash[:8]}"


def published_at(release_id: str) -> datetime:
    """Return the time that an id carries, UTC."""
    return datetime.strptime(release_id.split("-")[0], _ID_TIME).replace(tzinfo=UTC)


def releases_in(releases_dir: Path) -> list[Path]:
    """Return the folders of the releases, oldest first."""
    folders = (path for path in releases_dir.glob("*-*") if _ID.fullmatch(path.name))
    return sorted(path for path in folders if path.is_dir() and not path.is_symlink())


def latest_release(releases_dir: Path) -> Path | None:
    """Return the folder of the release that readers get, if there is one."""
    link = releases_dir / "latest"
    target = releases_dir / link.readlink().name if link.is_symlink() else None
    return target if target in releases_in(releases_dir) else None


def find_release(releases_dir: Path, release_id: str) -> Path:
    """Return the folder of a release; `latest` is the one that readers get.

    Raises:
        ReleaseError: there is none of this name; the message says which there are.
    """
    there = {path.name: path for path in releases_in(releases_dir)}
    latest = latest_release(releases_dir)
    found = latest if release_id == "latest" else there.get(release_id)
    if found is None:
        names = ", ".join(there) or "none"
        said = f"there is no release {release_id!r}" if release_id else "no release is named"
        raise ReleaseError(f"{said}: say RELEASE=<id>; in {releases_dir} there are: {names}")
    return found


def read_manifest(release: Path) -> dict[str, Any]:
    """Return the manifest of a release.

    Raises:
        ReleaseError: somebody damaged it.
    """
    try:
        return json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(
            f"the manifest of release {release.name} cannot be read ({error}): put it back from a"
            f" backup, or see what else was touched with `make verify-release"
            f" RELEASE={release.name}`"
        ) from error


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_checksums(folder: Path) -> None:
    """Write the checksum of every file below a folder, as `sha256sum --check` reads them.

    Raises:
        ReleaseError: the name of a file would not fit on a line, or it is a link to elsewhere.
    """
    files = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    if odd := [path for path in files if path.is_symlink() or {*"\n\r\\"} & {*str(path)}]:
        raise ReleaseError(f"a link, or a line break or backslash in a file's name: {odd[0]}")
    own = folder / CHECKSUMS
    sums = {path.relative_to(folder).as_posix(): sha256(path) for path in files if path != own}
    lines = [f"{sums[name]}  {name}\n" for name in sorted(sums)]
    own.write_text("".join(lines), encoding="utf-8")


def read_checksums(folder: Path) -> dict[str, str]:
    """Return the checksum by file of a release, from its own list.

    Raises:
        ValueError: a line is no checksum and name; the message names the line.
    """
    sums = {}
    lines = (folder / CHECKSUMS).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if not re.match(r"[0-9a-f]{64}  .", line):
            raise ValueError(f"line {number} of {CHECKSUMS} is no checksum and name")
        sums[line[66:]] = line[:64]
    return sums


def share_files(folder: Path, earlier: Path) -> None:
    """Let a release share the files that are the same in an earlier one, by hard links.

    Most of a site is engines and fonts that no release changes; the disk holds them once.
    """
    spare = folder / ".shared"
    for path in folder.rglob("*"):
        same = earlier / path.relative_to(folder)
        if path.is_symlink() or not path.is_file() or not same.is_file() or path.samefile(same):
            continue
        # A file system allows a file so many links and no more: then the release keeps its own.
        with contextlib.suppress(OSError):
            if filecmp.cmp(path, same, shallow=False):
                spare.hardlink_to(same)
                spare.replace(path)


def close_folder(folder: Path) -> None:
    """Make every file and folder of a release read-only: nothing can be changed or added."""
    for path in (*folder.rglob("*"), folder):
        if not path.is_symlink():
            path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)


def remove_folder(folder: Path) -> None:
    """Remove a release, or what was to become one.

    Only its folders are opened: its files may be those of another release too.
    """
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)


def write_atomically(path: Path, text: str) -> None:
    """Write a file that readers may be reading: they get the old one or the new one, whole."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    spare = path.with_name(f".{path.name}-{os.getpid()}")
    spare.write_text(text, encoding="utf-8")
    spare.replace(path)


def point_latest(releases_dir: Path, release_id: str) -> None:
    """Move `latest` to a release by one atomic rename."""
    link = releases_dir / f".latest-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id)
    link.replace(releases_dir / "latest")
