"""The landing folder: written beside and moved into place, never half, never over foreign files."""

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
    """What a run did: wrote the files, or found them already there (then without their flaws)."""

    folder: Path
    is_new: bool
    files_count: int
    bytes_count: int
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
        known, files = _inspect(out)
        if known == {**wanted, "files": files}:
            return Outcome(out, False, len(files), _bytes(out, files), [])
        partial, old = (out.with_name(f".{out.name}.{step}") for step in ("partial", "old"))
        for leftover in (partial, old):  # of a run that was killed
            _inspect(leftover)
            shutil.rmtree(leftover, ignore_errors=True)
        try:
            partial.mkdir()
            _mark(partial, {**wanted, "files": None})
            flaws = write_tenant(partial, seed, scale, truths)
            files = _hashes(partial)
            _mark(partial, {**wanted, "files": files})
            _swap(partial, out, old)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return Outcome(out, True, len(files), _bytes(out, files), flaws)


def _swap(partial: Path, out: Path, old: Path) -> None:
    """Move a finished folder into place; if that fails, what was there stays."""
    if out.exists():
        os.replace(out, old)
    try:
        os.replace(partial, out)
    except OSError:
        if old.exists():
            os.replace(old, out)
        raise
    shutil.rmtree(old, ignore_errors=True)


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
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _names(folder: Path) -> list[str]:
    """Return the files below a folder, without the marker."""
    paths = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(str(path.relative_to(folder)) for path in paths if path != folder / MARKER)


def _hashes(folder: Path) -> dict[str, str]:
    """Return the hash of each file below a folder, without the marker."""
    found = {}
    for name in _names(folder):
        with (folder / name).open("rb") as file:
            found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _bytes(folder: Path, names: dict[str, str]) -> int:
    return sum((folder / name).stat().st_size for name in names)


def _mark(folder: Path, marker: dict) -> None:
    (folder / MARKER).write_text(json.dumps(marker, indent=1, sort_keys=True) + "\n")


def _inspect(folder: Path) -> tuple[dict | None, dict[str, str]]:
    """Return a folder's marker and the hashes of its files: none where it is empty or missing.

    Raises:
        LandingError: it holds files that its marker does not name, or other content than it says.
    """
    if not folder.exists():
        return None, {}
    if not folder.is_dir():
        raise LandingError(f"{folder} is not a folder: name another one with --out")
    marker, names = folder / MARKER, _names(folder)
    try:
        known = json.loads(marker.read_text()) if marker.is_file() else {"files": {}}
        written = known["files"]
    except (ValueError, TypeError, KeyError) as error:
        raise LandingError(f"{marker} cannot be read ({error}): move {folder} away") from error
    if written is None:  # a run of this generator was killed here: all of it is unfinished
        return known, {}
    foreign = [name for name in names if name not in written]
    hashes = {} if foreign else _hashes(folder)
    foreign += [name for name in hashes if hashes[name] != written[name]]
    if foreign:
        shown = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if foreign[3:] else "")
        raise LandingError(
            f"{folder} holds files that the demo tenant did not write, or that changed since: "
            f"{shown}. Nothing was written. Move them away, or name another folder with --out."
        )
    return known, hashes
