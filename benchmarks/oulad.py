"""Time and memory of the Open University example, beside bare DuckDB on the same activity file.

``python -m benchmarks.oulad FOLDER`` prints a Markdown table. Each step runs in its own process.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.apart import run_apart
from examples.oulad.convert import convert
from orchestration.settings import Settings

BARE = """
    select
        code_module, code_presentation, id_student, floor(date / 7) as week_no,
        count(*) as events_count, sum(sum_click) as clicks_count, count(distinct date) as days_count
    from '{file}'
    group by all
"""


def bare(folder: Path, settings: Settings) -> None:
    """Aggregate the activity per learner and week."""
    file = next(path for path in folder.glob("studentVle.*"))
    query = BARE.format(file=str(file).replace("'", "''"))
    duckdb.connect().execute(f"create temp table weeks as {query}")


def land(folder: Path, settings: Settings) -> None:
    """Convert the seven files."""
    convert(folder, settings.landing_dir)


def load(folder: Path, settings: Settings) -> None:
    """Check and load the landed files."""
    from orchestration.load import load_landing

    load_landing(settings.landing_dir, settings.raw_path)


def build(folder: Path, settings: Settings) -> None:
    """Run and test all models."""
    from orchestration.build import build_warehouse

    build_warehouse(settings)


STEPS: dict[str, Callable[[Path, Settings], None]] = {
    "bare DuckDB: read and aggregate the activity": bare,
    "convert to a landing folder": land,
    "load": load,
    "dbt build": build,
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.oulad", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of the seven files")
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as work:
        settings = Settings(
            landing_dir=Path(work, "landing"),
            data_dir=Path(work, "data"),
            releases_dir=Path(work, "releases"),
            as_of=None,
            site=False,
            dbt_target="duckdb",
        )
        print("| step | seconds | peak MB | times bare DuckDB |\n|---|---:|---:|---:|")
        base = None
        for title, step in STEPS.items():
            cost = run_apart(step, folder, settings)
            base = base or cost.wall
            ratio = cost.wall / base
            print(f"| {title} | {cost.wall:.1f} | {cost.peak:,.0f} | {ratio:.1f} |", flush=True)


if __name__ == "__main__":
    main()
