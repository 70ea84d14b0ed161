"""One writer at a time, across processes: a nightly run and `make refresh` wait for each other."""

import contextlib
import fcntl
from collections.abc import Callable, Iterator
from pathlib import Path


@contextlib.contextmanager
def one_writer(data_dir: Path, say: Callable[[str], None] = print) -> Iterator[None]:
    """Hold the data folder's lock; the system gives it back even if the process is killed.

    Dagster's pool does the same among the runs of one Dagster; this holds for every process.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another refresh works in {data_dir}: waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
