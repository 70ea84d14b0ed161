"""A step of a benchmark in a process of its own, so that its time and memory are its own."""

import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """What a run took: seconds of the clock, seconds of all processors, megabytes at the peak."""

    wall: float
    cpu: float
    peak: float


def run_apart(step: Callable[..., None], *arguments: object) -> Cost:
    """Run a step in a child process, its output thrown away, and return what it cost.

    Raises:
        SystemExit: the step failed; its traceback is printed.
    """
    sys.stdout.flush()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        try:
            step(*arguments)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{step.__name__} failed")
    wall = time.monotonic() - started
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
