"""Builds the warehouse: dbt fills and tests a new file, which replaces the last one if green."""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.dbt_project import NO_UNIT_TESTS, run_dbt
from orchestration.lineage import describe_tables
from orchestration.load import sql
from orchestration.settings import PROJECT_DIR, Settings

# What the author of a data test says to do when it fails: a comment, over one line or more.
RESOLUTION = re.compile(r"^-- How to resolve: (?P<text>.*(?:\n--   .*)*)", re.MULTILINE)


class BuildError(Exception):
    """The build did not pass: a model failed or a blocking test did. Nothing was replaced."""


@dataclass(frozen=True)
class BuildResult:
    """What dbt did, model by model, test by test, and whether the new warehouse took its place."""

    results: list[Any]
    is_green: bool
    problems: list[str]


def build_warehouse(settings: Settings, say: Callable[[str], None] = print) -> BuildResult:
    """Build the warehouse from the raw rows, test it, and put it in place if all is green.

    The build works in `data/build/warehouse.duckdb`. `data/warehouse.duckdb` is replaced by one
    atomic rename; it then also holds what the release's manifest says: schema `build` with the
    tables, what each is computed from, the tests and the batches.

    Raises:
        BuildError: dbt could not start at all (another process has the database open, say).
    """
    shutil.rmtree(settings.build_path.parent, ignore_errors=True)
    settings.build_path.parent.mkdir(parents=True)

    def tell(event: Any) -> None:
        if event.info.name == "LogModelResult":
            node = event.data.node_info
            status, seconds = event.data.status.lower(), event.data.execution_time
            say(f"  {status:>8}  {node.node_name}  {seconds:.1f} s")

    # The models' page is made of dbt's manifest.
    outcome = run_dbt(settings, "build", "--write-json", *NO_UNIT_TESTS, on_event=tell)
    if outcome.result is None:
        raise BuildError(f"dbt could not start: {outcome.exception}")
    results = list(outcome.result.results)
    problems = [describe(result) for result in results if result.status in ("error", "fail")]
    if not problems:
        record_build(settings, results)
        settings.build_path.replace(settings.warehouse_path)
    return BuildResult(results=results, is_green=not problems, problems=problems)


def code_version() -> str:
    """The commit that is checked out, with `-changed` after it where files differ from it."""
    command = [
        "git",
        "-C",
        str(PROJECT_DIR),
        "describe",
        "--always",
        "--dirty=-changed",
        "--abbrev=12",
    ]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"


def describe(result: Any) -> str:
    """Say in one line which model or test went wrong, what dbt says, and where its SQL is."""
    where = getattr(result.node, "compiled_path", None) or result.node.original_file_path
    message = " ".join((result.message or "").split())
    told = RESOLUTION.search(result.node.raw_code or "")
    remedy = " ".join(told["text"].replace("--", " ").split()) if told else ""
    described = f"{result.node.resource_type} {result.node.name}: {message} (see {where})"
    return f"{described}\n  How to resolve: {remedy}" if remedy else described


def record_build(settings: Settings, results: list[Any]) -> None:
    """Write into the new warehouse what it was built from and what its tests said."""
    tables = describe_tables(result.node for result in results)
    tests = [
        (result.node.name, str(result.status), result.failures or 0)
        for result in results
        if result.node.resource_type == "test"
    ]
    with duckdb.connect(str(settings.build_path)) as connection:
        connection.execute(f"attach {sql.text(str(settings.raw_path))} as raw (read_only)")
        connection.execute("create schema build")
        connection.execute("create table build.tables (schema_name varchar, table_name varchar)")
        connection.execute(
            "create table build.lineage (table_name varchar, code_hash varchar, entities varchar[])"
        )
        for table in tables:
            connection.execute("insert into build.tables values (?, ?)", [table.schema, table.name])
            connection.execute(
                "insert into build.lineage values (?, ?, ?)",
                [table.name, table.code_hash, list(table.entities)],
            )
        connection.execute(
            "create table build.tests (name varchar, status varchar, failures bigint)"
        )
        if tests:
            connection.executemany("insert into build.tests values (?, ?, ?)", sorted(tests))
        connection.execute(
            """
            create table build.batches as
            select batch_id, family, entity, file, content_hash, status,
                received_count, accepted_count, rejected_count, duplicate_count
            from raw.load_ledger.batches
            order by batch_id
            """
        )
        connection.execute("create table build.info as select as_of_date from staging.stg_as_of")
        connection.execute("alter table build.info add column code_version varchar")
        connection.execute("update build.info set code_version = ?", [code_version()])
