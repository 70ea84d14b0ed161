"""A tenant's contracts and the people who decide them, and nothing else: seconds, not minutes.

Drawn as the demo tenant is, at its full size, see `sample_data.stakeholders`. What does not land
is not supplied: workers and costs, and with them the four components of health that come from the
evaluations of half-years.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.dbt_project import parse_project, run_dbt
from orchestration.load import load_landing
from orchestration.settings import Settings
from sample_data import catalogue
from sample_data.platform.block import blocks
from sample_data.stakeholders.tables import account_tables, survey_response, truth
from sample_data.tenant import TRUTH
from sample_data.truths import Truths
from sample_data.world import LAST_DAY, make_world
from studies.workforces import Landing

OF_PEOPLE = ("participant", "enrollment", "enrollment_status")
OF_ACCOUNTS = (
    "contract", "renewal_decision", "opportunity", "contact", "touchpoint", "survey_response",
    "report_delivery", "goal", "verified_outcome",
)  # fmt: skip
# What half-years said of workers, returns and profits: here an empty table, made of nothing.
EVIDENCE = "int_evidence_history_collect"


def land_stakeholders(folder: Path, seed: int, truths: Truths | None = None) -> dict:
    """Land the tenant of a seed in an empty folder, and return the truth about its stakeholders."""
    truths = truths or Truths()
    # learning events do not land: of a visit as few as can be are drawn
    truths = replace(truths, platform=replace(truths.platform, items_per_visit=1.0))
    world, landing = make_world(truths, seed, 1), Landing(folder)
    landing.write("account", catalogue.account(truths.accounts))
    landing.write("program", catalogue.program(truths.programs))
    for block in blocks(world):
        for entity in OF_PEOPLE:
            landing.write(entity, block.tables[entity])
        landing.write("survey_response", survey_response(world, block))
    tables = account_tables(world, tally=None)
    for entity in OF_ACCOUNTS:
        landing.write(entity, tables[entity])
    landing.close()
    return truth(world, tally=None)


def build_stakeholders(
    folder: Path, seed: int, tables: Iterable[str], truths: Truths | None = None
) -> tuple[Path, dict]:
    """Land, load and build the tables of a seed; return the warehouse and the truth.

    A tenant that the folder holds already is built again, not drawn again.
    """
    settings = Settings(
        landing_dir=folder / "landing",
        data_dir=folder / "data",
        releases_dir=folder / "releases",
        as_of=str(LAST_DAY),
        site=False,
        dbt_target="duckdb",
    )
    said = folder / TRUTH
    if not said.exists():
        found = land_stakeholders(settings.landing_dir, seed, truths)
        load_landing(settings.landing_dir, settings.raw_path, say=lambda _: None)
        said.write_text(json.dumps(found))
    settings.build_path.unlink(missing_ok=True)
    settings.build_path.parent.mkdir(parents=True, exist_ok=True)
    manifest = parse_project(settings.dbt_target)
    with duckdb.connect(str(settings.build_path)) as connection:
        connection.execute(f"attach '{settings.raw_path}' as raw (read_only)")
        connection.execute("create schema intermediate")
        connection.execute(
            f"create table intermediate.{EVIDENCE} as from raw.evaluation_ledger.evidence limit 0"
        )
    built = run_dbt(
        settings, "build", "--select", *needed(manifest, tables),
        "--resource-type", "model", "seed",
    )  # fmt: skip
    if not built.success:
        raise RuntimeError(f"seed {seed}: the build failed: {built.exception or built.result}")
    return settings.build_path, json.loads(said.read_text())


def needed(manifest, tables: Iterable[str]) -> set[str]:
    """Return the names of models and seeds that tables rest on, without what EVIDENCE is of."""
    found, left = set(), {f"model.throughline.{table}" for table in tables}
    while left:
        node = manifest.nodes[left.pop()]
        if node.name not in {*found, EVIDENCE}:
            found.add(node.name)
            left |= {name for name in node.depends_on_nodes if name in manifest.nodes}
    return found
