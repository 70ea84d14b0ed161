"""The landing folder: written beside and moved into place, never half, never over files of somebody else."""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .flaws import Flaw
from .tenant import write_tenant
from .truths import Truths

MARKER = ".sample_data.json"


class LandingError(Exception):
    """The landing folder cannot be written; the message says why and what to do."""


@dataclass(frozen=True)
class Outcome:
    """What a run did: wrote the files, or found them already there."""

    folder: Path
    is_new: bool
    files: int
    bytes: int
    flaws: list[Flaw]


def land(out: Path, seed: int = 7, scale: float = 1, truths: Truths | None = None) -> Outcome:
    """Write the tenant of a seed and scale to the folder `out`, unless it is already there.

    Raises:
        LandingError: `out` is not a folder, or holds files that this generator did not write.
    """
    out, truths = out.resolve(), truths or Truths()
    wanted = {"seed": seed, "scale": scale, "version": _version(truths)}
    out.parent.mkdir(parents=True, exist_ok=True)
    with _alone(out.parent):
        known = _marker(out)
        found = _files(out)
        if known and all(known[key] == value for key, value in wanted.items()):
            if found == known["files"]:
                return Outcome(out, False, len(found), _bytes(out, found), [])
        partial, old = (out.with_name(f".{out.name}.{step}") for step in ("partial", "old"))
        for leftover in (partial, old):
            _marker(leftover)  # refuses a folder that is not ours
            shutil.rmtree(leftover, ignore_errors=True)
        partial.mkdir()
        try:
            _mark(partial, {**wanted, "files": {}})
            flaws = write_tenant(partial, seed, scale, truths)
            files = _files(partial)
            _mark(partial, {**wanted, "files": files})
            if out.exists():
                os.replace(out, old)
            os.replace(partial, out)
            shutil.rmtree(old, ignore_errors=True)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return Outcome(out, True, len(files), _bytes(out, files), flaws)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a lock on the parent folder: a second run waits, then finds the tenant already there."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _version(truths: Truths) -> str:
    """Return a hash of the generator's code and truths: another one writes another tenant."""
    digest = hashlib.sha256(repr(truths).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files(folder: Path) -> dict[str, str]:
    """Return the hash of each file below a folder, without the marker."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.name != MARKER
    }


def _bytes(folder: Path, files: dict[str, str]) -> int:
    return sum((folder / name).stat().st_size for name in files)


def _mark(folder: Path, marker: dict) -> None:
    (folder / MARKER).write_text(json.dumps(marker, indent=1, sort_keys=True) + "\n")


def _marker(folder: Path) -> dict | None:
    """Return what a folder's marker says, or nothing for a folder that is empty or does not exist.

    Raises:
        LandingError: the folder holds files that its marker does not name, or has no marker.
    """
    if not folder.exists():
        return None
    if not folder.is_dir():
        raise LandingError(f"{folder} is not a folder: name another one with --out")
    found = _files(folder)
    marker = folder / MARKER
    try:
        known = json.loads(marker.read_text()) if marker.is_file() else None
        written = known["files"] if known else {}
    except (ValueError, TypeError, KeyError) as error:
        raise LandingError(f"{marker} cannot be read ({error}): move {folder} away") from error
    is_ours = known is not None and folder.name.endswith(".partial")
    foreign = [name for name in found if found[name] != written.get(name) and not is_ours]
    if foreign:
        names = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if foreign[3:] else "")
        raise LandingError(
            f"{folder} holds files that this generator did not write, or that were changed since: {names}. "
            "Nothing was written. Move them away, or name another folder with --out."
        )
    return known
