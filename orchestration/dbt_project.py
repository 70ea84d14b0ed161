"""dbt in this process: one place that says where the project, its profile and its outputs are."""

import contextlib
import functools
import gc
import logging
import os
from collections.abc import Callable, Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from orchestration.lock import lock_file
from orchestration.settings import PROJECT_DIR, Settings

# What profiles.yml reads; each has a default there.
VARIABLES = ("RAW_PATH", "WAREHOUSE_PATH", "SPARK_WAREHOUSE", "SPARK_RAW")

# Options of dbt's `build`: unit tests are for the code, not for a tenant's data.
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
NO_TESTS = (*NO_UNIT_TESTS, "--exclude-resource-type", "test")

# dbt's levels that reach the log file.
LOGGED = {"info": logging.INFO, "warn": logging.WARNING, "error": logging.ERROR}


class ProjectError(RuntimeError):
    """The dbt project does not parse; the message is dbt's own."""


def parse_project(target: str = "duckdb") -> Any:
    """Return dbt's manifest of the project.

    It is read once in a process, for all runs in it: the project is the same whatever the tenant
    and the as-of date. Between processes dbt keeps what it read in the project's `target` folder
    and reads only the files that have changed, one process at a time.

    Raises:
        ProjectError: The project does not parse.
    """
    return _parsed(PROJECT_DIR, target)


@functools.cache
def _parsed(project_dir: Path, target: str) -> Any:
    target_dir = project_dir / "target" / "parsed" / target
    # With a tenant's own paths or date dbt would take the project for another one and read it all.
    with lock_file(target_dir / ".lock"), _environment(dict.fromkeys(VARIABLES)):
        outcome = dbtRunner().invoke(["parse", *_options(project_dir, target, target_dir, "")])
    if not outcome.success:
        raise ProjectError(f"the dbt project does not parse: {outcome.exception}")
    gc.freeze()  # the manifest stays; to look through it again and again takes time
    return outcome.result


def run_dbt(
    settings: Settings,
    command: str,
    *arguments: str,
    target: str | None = None,
    target_dir: Path | None = None,
    on_event: Callable[[Any], None] | None = None,
) -> Any:
    """Run dbt in this process, quietly, and return dbt's own result object.

    Args:
        settings: Where raw data and warehouse are, and the as-of date.
        command: As on dbt's command line.
        arguments: Its options; `--write-json` for dbt's manifest of the run, which takes seconds.
        target: The profile's output; by default the one of the settings.
        target_dir: Where dbt writes its manifest, compiled SQL and logs; by default `target` in the
            data folder, so that two runs on different data do not disturb each other.
        on_event: Called with each of dbt's structured events.

    Raises:
        ProjectError: The project does not parse.
    """
    target = target or settings.dbt_target
    target_dir = target_dir or settings.dbt_target_dir
    spark_dir = settings.data_dir / "spark"
    paths = (settings.raw_path, settings.build_path, spark_dir / "warehouse", spark_dir / "raw")
    options = _options(PROJECT_DIR, target, target_dir, settings.as_of or "")
    manifest = parse_project(target)
    with (
        _log(target_dir / "logs" / "dbt.log") as write,
        _environment(dict(zip(VARIABLES, map(str, paths), strict=True))),
    ):
        callbacks = [write, on_event] if on_event else [write]
        runner = dbtRunner(manifest=manifest, callbacks=callbacks)
        try:
            return runner.invoke([command, *options, *arguments])
        finally:
            DuckDBConnectionManager.close_all_connections()  # an open database blocks others


def _options(project_dir: Path, target: str, target_dir: Path, as_of: str) -> list[str]:
    """Where the project is, what it is run for, and where dbt writes."""
    return [
        *("--target", target, "--target-path", str(target_dir), "--vars", f"{{as_of: '{as_of}'}}"),
        *("--project-dir", str(project_dir), "--profiles-dir", str(project_dir)),
        *("--log-path", str(target_dir / "logs"), "--no-write-json"),
        # dbt's own loggers write each of its events as text, also what they then leave out.
        *("--log-level", "none", "--log-level-file", "none"),
    ]


@contextlib.contextmanager
def _log(path: Path) -> Iterator[Callable[[Any], None]]:
    """Give a callback that writes what dbt says to the file, without its events for debugging."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=10 * 2**20, backupCount=5, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.Logger("dbt")
    logger.addHandler(handler)

    def write(event: Any) -> None:
        if event.info.level in LOGGED:
            logger.log(LOGGED[event.info.level], event.info.msg)

    try:
        yield write
    finally:
        handler.close()


@contextlib.contextmanager
def _environment(variables: dict[str, str | None]) -> Iterator[None]:
    """Set environment variables, or unset them, and put the old ones back afterwards."""
    before = {name: os.environ.get(name) for name in variables}

    def put(values: dict[str, str | None]) -> None:
        for name, value in values.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    put(variables)
    try:
        yield
    finally:
        put(before)
