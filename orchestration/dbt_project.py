"""dbt in this process: one place that says where the project, its profile and its outputs are."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner

from orchestration.settings import PROJECT_DIR, Settings


@contextlib.contextmanager
def dbt_environment(settings: Settings) -> Iterator[None]:
    """Set the variables that profiles.yml reads, and put the old ones back afterwards."""
    spark_dir = settings.data_dir / "spark"
    variables = {
        "RAW_PATH": settings.raw_path,
        "WAREHOUSE_PATH": settings.build_path,
        "SPARK_WAREHOUSE": spark_dir / "warehouse",
        "SPARK_METASTORE": spark_dir / "metastore",
        "SPARK_RAW": spark_dir / "raw",
    }
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update({name: str(value) for name, value in variables.items()})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def run_dbt(
    settings: Settings,
    *arguments: str,
    target: str | None = None,
    target_dir: Path | None = None,
    manifest: Any = None,
    on_event: Callable[[Any], None] | None = None,
) -> Any:
    """Run dbt in this process, quietly, and return dbt's own result object.

    Args:
        settings: Where raw data and warehouse are, and the as-of date.
        arguments: The command and its options, as on dbt's command line.
        target: The profile's output; by default the one of the settings.
        target_dir: Where dbt writes its manifest, compiled SQL and logs; by default `target` in the
            data folder, so that two runs on different data do not disturb each other.
        manifest: What an earlier `parse` returned, in place of parsing again; `as_of` may differ.
        on_event: Called with each of dbt's structured events.
    """
    target_dir = target_dir or settings.dbt_target_dir
    options = ["--target", target or settings.dbt_target, "--target-path", str(target_dir)]
    options += ["--vars", f"{{as_of: '{settings.as_of or ''}'}}"]
    options += ["--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR)]
    options += ["--log-path", str(target_dir / "logs"), "--quiet", "--no-use-colors"]
    with dbt_environment(settings):
        runner = dbtRunner(manifest=manifest, callbacks=[on_event] if on_event else [])
        return runner.invoke([*arguments, *options])
