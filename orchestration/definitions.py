"""What Dagster loads: the assets, the job that refreshes them all, and its nightly schedule."""

import os

import dagster as dg

from orchestration.assets import landed_rows, release, warehouse
from orchestration.refresh import plain_logger

refresh = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Load what has landed, build and test the warehouse, publish a release.",
)

nightly = dg.ScheduleDefinition(
    name="nightly",
    job=refresh,
    cron_schedule=os.environ.get("NIGHTLY_CRON", "").strip() or "0 2 * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)

definitions = dg.Definitions(
    assets=[landed_rows, warehouse, release],
    jobs=[refresh],
    schedules=[nightly],
    loggers={"console": dg.colored_console_logger, "plain": plain_logger},
)
