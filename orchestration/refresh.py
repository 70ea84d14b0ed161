"""Runs the job `refresh` once, in this process: `python -m orchestration.refresh`."""

import sys
import time

import dagster as dg

from orchestration.settings import load_settings


def main() -> int:
    """Refresh, telling what happens while it happens; return 0 if a release stands, else 1."""
    try:
        settings = load_settings()
    except ValueError as error:
        print(error)
        return 1
    from orchestration.definitions import definitions

    started = time.monotonic()
    job = definitions.get_job_def("refresh")
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
    print(f"refresh took {time.monotonic() - started:.0f} s")
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(main())
