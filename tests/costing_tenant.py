"""Tenants of money and work: landed rows, and the build of what the tests of costs read."""

import csv
import random
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.contract import read_contract
from orchestration.dbt_project import NO_TESTS, run_dbt
from orchestration.load import load_landing
from orchestration.settings import Settings

Rows = list[dict[str, object]]
Tables = dict[str, Rows]

FAMILIES = {entity.name: entity.family for entity in read_contract()}
PROFITABILITY = "path:models/marts/account_profitability"
OPERATIONS = "path:models/marts/operations"
COSTS = (
    "fct_activity_costs",
    "rpt_capacity",
    "fct_profit_lines",
    "rpt_account_profitability",
    "rpt_cost_reconciliation",
    "rpt_costing_gaps",
)
CURVES = ("rpt_whale_curve", "rpt_concentration")


def merged(parts: Iterable[Tables]) -> Tables:
    """Put the rows of several tenants into one."""
    tables: Tables = {}
    for part in parts:
        for entity, rows in part.items():
            tables.setdefault(entity, []).extend(rows)
    return tables


def land_rows(landing_dir: Path, tables: Tables, name: str = "rows") -> None:
    """Write one CSV file per entity; a column that a row does not have is empty."""
    for entity, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        path = landing_dir / FAMILIES[entity] / entity / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)


def land_shuffled(landing_dir: Path, tables: Tables, seed: int, files: int = 3) -> None:
    """Write the same rows in another order, dealt out to several files."""
    draw = random.Random(seed)
    for entity, rows in tables.items():
        mixed = draw.sample(rows, len(rows))
        for number in range(files):
            if part := mixed[number::files]:
                land_rows(landing_dir, {entity: part}, f"part_{files - number}")


def copied(settings: Settings, folder: Path) -> Settings:
    """A copy of a tenant with all that has been built, to go on from."""
    shutil.copytree(settings.landing_dir.parent, folder, dirs_exist_ok=True)
    return replace(
        settings,
        landing_dir=folder / "landing",
        data_dir=folder / "data",
        releases_dir=folder / "releases",
    )


def build(settings: Settings, models: Sequence[str]) -> None:
    """Load what has landed, and build these models with all that they read."""
    load_landing(settings.landing_dir, settings.raw_path, say=lambda _: None)
    settings.build_path.parent.mkdir(parents=True, exist_ok=True)
    assert failures(settings, "build", models, *NO_TESTS) == {}


def failures(settings: Settings, command: str, models: Sequence[str], *options: str) -> dict:
    """What dbt's command on these models and all that they read cannot do, with its messages.

    Of tests, those are run that read nothing else.
    """
    selected = [f"+{model}" for model in models]
    chosen = ["--select", *selected, "--indirect-selection", "cautious", *options]
    done = run_dbt(settings, command, *chosen)
    failed = {
        result.node.name: result.message
        for result in getattr(done.result, "results", None) or []
        if result.status in ("error", "fail")
    }
    return failed if done.success or failed else {command: str(done.exception)}


def ask(settings: Settings, query: str) -> list[dict]:
    """The rows that a query on the warehouse finds, by column."""
    with duckdb.connect(str(settings.build_path), read_only=True) as connection:
        found = connection.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def marts(settings: Settings) -> list[str]:
    """The tables of profitability and operations that have been built."""
    tables = ask(
        settings,
        """
        select table_schema || '.' || table_name as name
        from information_schema.tables
        where table_schema like '%account_profitability' or table_schema like '%operations'
        order by all
        """,
    )
    return [str(table["name"]) for table in tables]


def changes(before: Settings, after: Settings, table: str) -> tuple[list[dict], list[dict]]:
    """The rows of a table that only the warehouse before has, and those that only the other has."""
    found = []
    with duckdb.connect() as connection:
        for name, settings in (("before", before), ("after", after)):
            connection.execute(f"attach '{settings.build_path}' as {name}_it (read_only)")
        for one, other in (("before_it", "after_it"), ("after_it", "before_it")):
            rows = connection.execute(f"from {one}.{table} except all from {other}.{table}")
            names = [column[0] for column in rows.description]
            found.append([dict(zip(names, row, strict=True)) for row in rows.fetchall()])
    return found[0], found[1]


def by(rows: Iterable[Mapping], *columns: str) -> dict:
    """Rows by one column, or by a tuple of several; each key once."""
    found: dict = {}
    for row in rows:
        key = row[columns[0]] if len(columns) == 1 else tuple(row[name] for name in columns)
        assert key not in found, f"{key} comes twice"
        found[key] = row
    return found
