"""One refresh at a time, across processes: a nightly run and `make refresh` wait for each other."""

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
    data_dir = data_dir.resolve()
    if data_dir in _held:
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    handle = (data_dir / ".lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say(f"another refresh works in {data_dir}: waiting for it")
        fcntl.flock(handle, fcntl.LOCK_EX)
    _held[data_dir] = handle


@contextlib.contextmanager
def lock_file(path: Path) -> Iterator[None]:
    """Hold a lock between processes for as long as the block lasts; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
