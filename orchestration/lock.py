"""One at a time, across processes: a nightly run, `make refresh` and the commands wait in turn.

Two folders have a lock: the data folder, for what loads and builds, and the releases folder, for
what publishes, moves or removes. Who needs both takes the data folder's first.
"""

import contextlib
import fcntl
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from pathlib import Path

_held: dict[Path, TextIOWrapper] = {}


def hold_data(data_dir: Path, say: Callable[[str], None] = print) -> None:
    """Take the data folder's lock and hold it until this process ends, killed or not.

    A run is one process, from loading to publishing: no other run can build in between, and no
    release can hold what another run built. Dagster's pool only orders the runs of one Dagster.
    """
    _hold(data_dir, say)


def hold_releases(releases_dir: Path, say: Callable[[str], None] = print) -> None:
    """Take the releases folder's lock and hold it until this process ends, killed or not.

    Two data folders may publish into one releases folder: nobody sweeps away or moves on what
    another is at.
    """
    _hold(releases_dir, say)


def _hold(folder: Path, say: Callable[[str], None]) -> None:
    folder = folder.resolve()
    if folder in _held:
        return
    folder.mkdir(parents=True, exist_ok=True)
    handle = (folder / ".lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say(f"another command works in {folder}: waiting for it")
        fcntl.flock(handle, fcntl.LOCK_EX)
    _held[folder] = handle


@contextlib.contextmanager
def lock_file(path: Path) -> Iterator[None]:
    """Hold a lock between processes for as long as the block lasts; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
