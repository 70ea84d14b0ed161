"""Time and memory of the trials of a million workers and 36 months, beside bare DuckDB.

``python -m benchmarks.trials`` draws, lands and loads workers, and prints a Markdown table. Each
step runs in its own process.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.apart import run_apart
from orchestration.dbt_project import run_dbt
from orchestration.load import load_landing
from orchestration.settings import Settings
from studies.workforces import AS_OF, MOST, employer, land_workforces

BARE = """
    with employed as (
        select account_id, worker_id, min(hire_date) as since, max(termination_date) as until
        from '{folder}/participant/worker/*.parquet'
        group by all
    ),

    months as (
        select unnest(generate_series(date '2023-07-01', date '2026-06-01', interval 1 month))
            as month
    )

    select account_id, month, count(*) as workers_count
    from employed
    inner join months on since <= month and coalesce(until > month, true)
    group by all
"""
MONTHS = ["int_worker_month_expand", "int_worker_month_sum", "fct_worker_months"]
TRIALS = [
    "int_worker_version_describe", "int_trial_candidate_find", "int_trial_stratum_build",
    "int_trial_cell_weigh", "int_trial_censoring_estimate", "int_trial_observe",
    "fct_outcome_trials",
]  # fmt: skip
DIFFERENCES = ["int_outcome_*", "rpt_workforce_*"]


def land(settings: Settings, workers: int) -> None:
    """Draw employers of at most 20,000 workers, and land them."""
    sizes = [min(MOST, workers - first) for first in range(0, workers, MOST)]
    effects = {"retention": 0.8, "promotion": 1.25, "mobility": 1.2}
    drawn = [(n, employer(f"e{n:03}", size, 0.05, **effects)) for n, size in enumerate(sizes, 1)]
    land_workforces(settings.landing_dir, drawn)


def bare(settings: Settings, workers: int) -> None:
    """Count who is employed, by account and month."""
    query = BARE.format(folder=str(settings.landing_dir).replace("'", "''"))
    duckdb.connect().execute(f"create temp table counts as {query}")


def load(settings: Settings, workers: int) -> None:
    """Check and load the landed files."""
    load_landing(settings.landing_dir, settings.raw_path)
    settings.build_path.parent.mkdir(parents=True)


def build(*selected: str) -> Callable[[Settings, int], None]:
    """Return a step that builds some models and no others."""

    def step(settings: Settings, workers: int) -> None:
        models = ("--resource-type", "model", "seed")
        outcome = run_dbt(settings, "build", *models, "--select", *selected)
        if not outcome.success:
            raise RuntimeError(f"the build failed: {outcome.exception or outcome.result}")

    return step


def ahead(settings: Settings, workers: int) -> None:
    """Build what the months, the trials and the differences are made of."""
    without = ("--exclude", *MONTHS, *TRIALS, *DIFFERENCES)
    build("+fct_worker_months", "+rpt_workforce_*", *without)(settings, workers)


STEPS: dict[str, Callable[[Settings, int], None]] = {
    "bare DuckDB: count who is employed, by account and month": bare,
    "load": load,
    "models ahead of them": ahead,
    "months of workers": build(*MONTHS),
    "trials": build(*TRIALS),
    "differences": build(*DIFFERENCES),
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trials", description=__doc__)
    parser.add_argument("--workers", type=int, default=1_000_000)
    workers = parser.parse_args().workers
    with tempfile.TemporaryDirectory() as work:
        settings = Settings(
            landing_dir=Path(work, "landing"),
            data_dir=Path(work, "data"),
            releases_dir=Path(work, "releases"),
            as_of=AS_OF,
            site=False,
            dbt_target="duckdb",
        )
        run_apart(land, settings, workers)
        print("| step | seconds | CPU seconds | peak MB | times bare DuckDB: seconds, CPU |")
        print("|---|---:|---:|---:|---:|")
        base = None
        for title, step in STEPS.items():
            cost = run_apart(step, settings, workers)
            base = base or cost
            print(
                f"| {title} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.peak:,.0f}"
                f" | {cost.wall / base.wall:.1f}, {cost.cpu / base.cpu:.1f} |",
                flush=True,
            )
        with duckdb.connect(str(settings.build_path), read_only=True) as connection:
            counts = connection.execute("""
                select
                    (select count(*) from employer_roi.fct_worker_months),
                    count(*), count(*) filter (where arm = 'treated')
                from employer_roi.fct_outcome_trials
            """).fetchone()
        print("\n{:,} months of workers, {:,} in trials, {:,} of them treated".format(*counts))


if __name__ == "__main__":
    main()
