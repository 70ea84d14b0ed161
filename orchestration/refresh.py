"""Runs the job `refresh` once, in this process: `python -m orchestration.refresh`."""

import logging
import sys
import time
import warnings

import dagster as dg

from orchestration.settings import load_settings


class _Plain(logging.Handler):
    """Prints what the assets say, without Dagster's own events."""

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", {})
        if meta.get("dagster_event") is None:
            print(meta.get("orig_message", record.getMessage()), flush=True)


@dg.logger
def plain_logger(_context: dg.InitLoggerContext) -> logging.Logger:
    """What a person at a terminal wants to see of a run."""
    logger = logging.Logger("refresh", level=logging.INFO)
    logger.addHandler(_Plain())
    return logger


def main() -> int:
    """Refresh, telling what happens while it happens; return 0 if a release stands, else 1."""
    try:
        load_settings()
    except ValueError as error:
        print(error)
        return 1
    warnings.filterwarnings("ignore", module="dagster")
    try:
        from orchestration.definitions import definitions
    except RuntimeError as error:
        print(error)
        return 1

    started = time.monotonic()
    job = definitions.resolve_job_def("refresh")
    quiet = {"telemetry": {"enabled": False}}
    with dg.DagsterInstance.ephemeral(settings=quiet) as instance:
        result = job.execute_in_process(
            instance=instance, raise_on_error=False, run_config={"loggers": {"plain": {}}}
        )
    for event in result.filter_events(lambda event: event.is_step_failure):
        error = event.step_failure_data.error
        failure = event.step_failure_data.user_failure_data
        cause = error.cause or error if error else None
        told = failure.description if failure else cause.message if cause else "unknown error"
        print(f"\n{event.step_key} failed: {told.strip()}")
        if not failure and cause:
            print("".join(cause.stack[-3:]))
    seconds = time.monotonic() - started
    print(f"refresh {'done' if result.success else 'failed'} in {seconds:.0f} s")
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(main())
