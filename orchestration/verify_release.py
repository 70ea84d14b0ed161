"""Finds what was touched in a release: `python -m orchestration.verify_release`.

The variable RELEASE names the release; without it, it is the one that readers get.
"""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from orchestration.release_files import (
    CHECKSUMS,
    FILE_MODE,
    FOLDER_MODE,
    ReleaseError,
    find_release,
    read_checksums,
    read_manifest,
    sha256,
)
from orchestration.release_ledger import Ledger
from orchestration.settings import load_settings


def verify_release(release: Path) -> list[str]:
    """Return in words what of a release is not as it was published; nothing if all is.

    Every file's checksum is computed again and compared with the release's list, the list with the
    ledger beside the releases, and the manifest's tables with the files.

    Raises:
        ReleaseError: the ledger cannot be read.
    """
    ledger = Ledger(release.parent)
    findings = [*_check_modes(release)]
    if not (release / CHECKSUMS).is_file():
        return [*findings, f"removed: {CHECKSUMS}, so that nothing can be compared"]
    found = {path.relative_to(release).as_posix(): path for path in release.rglob("*")}
    sums = {name: sha256(path) for name, path in found.items() if _is_plain(path)}
    list_sum = sums.pop(CHECKSUMS)
    recorded = ledger.checksums_of(release.name)
    if recorded is None:
        findings.append(f"unknown: the ledger says nothing of the checksums of {release.name}")
    elif recorded != list_sum:
        findings.append(f"changed: {CHECKSUMS} is not the list that the ledger recorded")
    try:
        listed = read_checksums(release)
    except ValueError as error:
        return [*findings, f"changed: {error}"]
    for name in sorted(listed.keys() - sums.keys()):
        findings.append(f"removed: {name}")
    for name in sorted(name for name in listed.keys() & sums.keys() if listed[name] != sums[name]):
        findings.append(f"changed: {name}")
    folders = {parent.as_posix() for name in listed for parent in Path(name).parents}
    for name in sorted(found.keys() - listed.keys() - folders - {CHECKSUMS}):
        findings.append(f"added: {name}{'/' if found[name].is_dir() else ''}")
    return [*findings, *_check_manifest(release, sums)]


def _is_plain(path: Path) -> bool:
    """Whether this is a file of its own: not a folder, a link to elsewhere or a device."""
    return stat.S_ISREG(path.lstat().st_mode)


def _check_modes(release: Path) -> Iterator[str]:
    """Files and folders that are not read-only."""
    for path in sorted((release, *release.rglob("*"))):
        mode = path.lstat().st_mode
        due = FOLDER_MODE if stat.S_ISDIR(mode) else FILE_MODE
        if not stat.S_ISLNK(mode) and stat.S_IMODE(mode) != due:
            name = "the release's folder" if path == release else path.relative_to(release)
            shown, wanted = stat.filemode(mode), stat.filemode(stat.S_IFMT(mode) | due)
            yield f"permissions: {name} has {shown}, not {wanted}"


def _check_manifest(release: Path, sums: dict[str, str]) -> Iterator[str]:
    """Tables that the manifest and the folder `marts` do not tell alike."""
    try:
        manifest = read_manifest(release)
        told = {f"marts/{row['table']}.parquet": row["sha256"] for row in manifest["tables"]}
        names_it = manifest["release_id"] == release.name
    except (ReleaseError, KeyError, TypeError):
        yield "changed: manifest.json cannot be read as a manifest"
        return
    if not names_it or not release.name.endswith(manifest.get("content_hash", "")[:8]):
        yield "changed: manifest.json is that of another release"
    there = {name: value for name, value in sums.items() if name.startswith("marts/")}
    for name in sorted(there.keys() | told.keys()):
        if there.get(name) != told.get(name):
            yield f"manifest: {name} is not the table that manifest.json describes"


def main() -> int:
    """Verify a release, name what was touched, and return 0 if nothing was, else 1."""
    releases_dir = load_settings().releases_dir
    try:
        release = find_release(releases_dir, os.environ.get("RELEASE", "").strip() or "latest")
        findings = verify_release(release)
    except ReleaseError as error:
        print(error)
        return 1
    for finding in findings:
        print(finding)
    if findings:
        print(f"release {release.name} is not as it was published: {len(findings)} findings")
        return 1
    count = len(read_checksums(release))
    print(f"release {release.name}: all {count} files are as they were published")
    return 0


if __name__ == "__main__":
    sys.exit(main())
