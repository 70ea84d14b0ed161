"""Cost and memory of a load, beside bare DuckDB on the same file.

``python -m benchmarks.load`` prints a Markdown table: for CSV and for Parquet, bare DuckDB reading
ten million learning events with the contract's types and inserting them into a table, and the
loader on the same file. Each run is a process of its own; the two take turns, and the best of each
measure counts. ``--memory ROWS`` then loads a larger file once, for its peak memory.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from benchmarks.apart import Cost, run_apart
from orchestration.contract import Entity, read_contract
from orchestration.load import load_landing
from orchestration.load.values import duckdb_type

ENTITY = ("participant", "learning_event")
# As events are: each landing file in order of its arrival, most values from short lists.
EVENTS = """
    select
        'ev-' || lpad(number::varchar, 12, '0') as event_id,
        'pt-' || lpad(person::varchar, 6, '0') as participant_id,
        case when draw % 20 > 0 then 'en-' || lpad(person::varchar, 6, '0') end as enrollment_id,
        ['viewed', 'watched', 'answered', 'logged_in', 'submitted'][kind] as verb,
        'unit-' || draw % 400 as object_id,
        ['lesson', 'video', 'question', null, 'assignment'][kind] as object_type,
        case when draw % 10 = 0 then draw % 30 end as quantity,
        case when kind = 3 then draw % 3 > 0 end as success,
        case when kind = 3 then (draw % 10000 / 10000)::decimal(18, 4) end as score_scaled,
        case when kind < 4 then draw % 3600 end as duration_seconds,
        timestamp '2024-01-01' + to_seconds(number * 5) as occurred_at,
        timestamp '2024-01-01' + to_seconds(number * 5 + draw % 900) as stored_at,
        null::varchar as voids_event_id
    from (
        select
            number,
            (hash(number) % 50000)::bigint as person,
            (hash(number, 1) % 5)::bigint + 1 as kind,
            (hash(number, 2) % 1000000)::bigint as draw
        from range({rows}) as numbers (number)
    )
"""
CSV = "(format csv, header, timestampformat '%Y-%m-%dT%H:%M:%SZ')"
MEMORY_LIMIT = "2.5GB"


def generate(landing: Path, ending: str, rows: int, _data: Path) -> None:
    """Write the events as one landed file."""
    folder = landing.joinpath(*ENTITY)
    folder.mkdir(parents=True)
    form = CSV if ending == "csv" else "(format parquet)"
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT}) as connection:
        connection.execute("set preserve_insertion_order = true")
        file = folder / f"events.{ending}"
        connection.execute(f"copy ({EVENTS.format(rows=rows)}) to '{file}' {form}")


def bare(landing: Path, ending: str, data: Path) -> None:
    """Read the file with the contract's types and insert it into a table of them."""
    columns = {column.name: duckdb_type(column) for column in _entity().columns}
    file = landing.joinpath(*ENTITY, f"events.{ending}")
    reader = f"read_parquet('{file}')"
    if ending == "csv":
        reader = f"read_csv('{file}', header = true, auto_detect = false, columns = {columns})"
    definitions = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    config = {"memory_limit": MEMORY_LIMIT, "temp_directory": str(data / "spill")}
    with duckdb.connect(str(data / "bare.duckdb"), config=config) as connection:
        connection.execute(f"create table events ({definitions})")
        connection.execute(f"insert into events select * from {reader}")


def load(landing: Path, ending: str, data: Path) -> None:
    """Load the file."""
    report = load_landing(landing, data / "raw.duckdb")
    if report.failed or report.total("accepted_count") != report.total("received_count"):
        raise SystemExit(report.summary)


def measure(step: Callable[..., None], *arguments: object) -> Cost:
    """Run a step in a child process with an empty folder for its data."""
    with tempfile.TemporaryDirectory() as data:
        return run_apart(step, *arguments, Path(data))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="events of the comparison")
    parser.add_argument(
        "--runs", type=int, default=3, help="runs of each, of which the best counts"
    )
    parser.add_argument("--memory", type=int, metavar="ROWS", help="load a file of so many events")
    options = parser.parse_args()
    print("| file | step | seconds | CPU seconds | peak MB | times bare DuckDB: seconds, CPU |")
    print("|---|---|---:|---:|---:|---:|")
    for ending in ("csv", "parquet"):
        if options.runs:
            compare(ending, options.rows, options.runs)
        if options.memory:
            with landed(ending, options.memory) as landing:
                _show(f"{options.memory:,} {ending}", "load", measure(load, landing, ending))


def compare(ending: str, rows: int, runs: int) -> None:
    """Let bare DuckDB and the loader take turns on one file, and print the best of each."""
    with landed(ending, rows) as landing:
        costs: dict[Callable[..., None], list[Cost]] = {bare: [], load: []}
        for _ in range(runs):
            for step, taken in costs.items():
                taken.append(measure(step, landing, ending))
    base = _best(costs[bare])
    for step, taken in costs.items():
        _show(f"{rows:,} {ending}", step.__name__, _best(taken), base)


@contextmanager
def landed(ending: str, rows: int) -> Iterator[Path]:
    """Give a landing folder with the events in one file; it is removed at the end."""
    with tempfile.TemporaryDirectory() as folder:
        measure(generate, Path(folder), ending, rows)
        yield Path(folder)


def _best(costs: list[Cost]) -> Cost:
    """Return the least time, and the highest peak."""
    wall, cpu = (min(getattr(cost, name) for cost in costs) for name in ("wall", "cpu"))
    return Cost(wall, cpu, max(cost.peak for cost in costs))


def _show(file: str, step: str, cost: Cost, base: Cost | None = None) -> None:
    ratio = f"{cost.wall / base.wall:.2f}, {cost.cpu / base.cpu:.2f}" if base else ""
    figures = f"{cost.wall:.1f} | {cost.cpu:.1f} | {cost.peak:,.0f} | {ratio}"
    print(f"| {file} | {step} | {figures} |", flush=True)


def _entity() -> Entity:
    return next(entity for entity in read_contract() if (entity.family, entity.name) == ENTITY)


if __name__ == "__main__":
    main()
