"""The assets of a refresh: landed rows, the warehouse that dbt builds of them, and the release."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    dbt_assets,
)
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from orchestration.build import build_warehouse
from orchestration.bundle_requests import BundleError, asked_accounts
from orchestration.contract import read_contract
from orchestration.dbt_docs import DocsError
from orchestration.dbt_project import parse_project
from orchestration.evaluation import EvaluationError, evaluate_history
from orchestration.extract import SourceProblem, extract_source
from orchestration.load import load_landing
from orchestration.lock import hold_data, hold_releases
from orchestration.release import publish_release
from orchestration.release_files import ReleaseError
from orchestration.settings import PROJECT_DIR, load_settings
from orchestration.site import SiteError

# One writer: DuckDB locks a file against every other process, so loading, building and releasing
# share one place.
POOL = "duckdb"

SEVERITIES = {"error": dg.AssetCheckSeverity.ERROR, "warn": dg.AssetCheckSeverity.WARN}

# The domains: the folders under models/marts.
DOMAINS = {
    folder.name for folder in (PROJECT_DIR / "models" / "marts").iterdir() if folder.is_dir()
}


manifest = parse_project().writable_manifest().to_dict()


class FolderTranslator(DagsterDbtTranslator):
    """Puts each asset into the group that its folder names: a domain, staging, seeds, landing."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return the domain for a mart, else the first folder; `landing` for a source."""
        if dbt_resource_props["resource_type"] == "source":
            return "landing"
        if dbt_resource_props["resource_type"] == "seed":
            return "seeds"
        _, layer, *rest = dbt_resource_props["fqn"]
        return rest[0] if layer == "marts" else layer


translator = FolderTranslator(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))


def _landed_keys() -> list[dg.AssetKey]:
    """The raw table of every entity of the contract, and the load ledger's two tables."""
    entities = [dg.AssetKey([f"raw_{entity.family}", entity.name]) for entity in read_contract()]
    return [
        *entities,
        *(dg.AssetKey(["load_ledger", name]) for name in ("batches", "rejected_rows")),
    ]


@dg.multi_asset(
    specs=[dg.AssetSpec(key, group_name="landing", kinds={"duckdb"}) for key in _landed_keys()],
    pool=POOL,
)
def landed_rows(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Landed files, checked against the input contract.

    Each row is accepted, rejected with a reason, or counted as a duplicate. Where SOURCE_URL names
    a database, what is new there is landed first.
    """
    settings = load_settings()
    hold_data(settings.data_dir, context.log.info)
    if settings.source_url:
        try:
            extract_source(settings, say=context.log.info)
        except SourceProblem as problem:
            raise dg.Failure(f"the extraction failed: {problem}") from None
    try:
        asked_accounts(settings.landing_dir)  # a wrong list stops here, not after the build
    except BundleError as problem:
        raise dg.Failure(str(problem)) from None
    report = load_landing(settings.landing_dir, settings.raw_path, say=context.log.info)
    if not report.has_rows:
        raise dg.Failure(
            f"nothing has ever landed: {report.note or 'no row of the landing folder is accepted'}."
            " Look at LANDING_DIR. Nothing is published and the last release stays."
        )
    for key in _landed_keys():
        batches = [batch for batch in report.batches if batch.entity == key.path[-1]]
        yield dg.MaterializeResult(
            asset_key=key,
            metadata={
                "new batches": len(batches),
                "received": sum(batch.received_count for batch in batches),
                "accepted": sum(batch.accepted_count for batch in batches),
                "rejected": sum(batch.rejected_count for batch in batches),
                "duplicate": sum(batch.duplicate_count for batch in batches),
            },
        )


@dbt_assets(
    manifest=manifest,
    dagster_dbt_translator=translator,
    pool=POOL,
    name="warehouse",
)
def warehouse(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Every dbt model and test, in one run of dbt, after those that evaluate past half-years.

    A blocking test that fails stops the refresh before the release.
    """
    settings = load_settings()
    hold_data(settings.data_dir, context.log.info)
    try:
        evaluate_history(settings, say=context.log.info)
    except EvaluationError as error:
        raise dg.Failure(f"{error}\nNothing is published and the last release stays.") from None
    build = build_warehouse(settings, say=context.log.info)
    for result in build.results:
        node = result.node
        if node.resource_type == "test":
            check = get_asset_check_key_for_test(manifest, translator, node.unique_id, None)
            if check is not None and result.status != "skipped":
                yield dg.AssetCheckResult(
                    passed=result.status == "pass",
                    asset_key=check.asset_key,
                    check_name=check.name,
                    severity=SEVERITIES[node.config.severity.lower()],
                    metadata={
                        "rows that fail": result.failures or 0,
                        "dbt says": result.message or "",
                    },
                )
        elif node.resource_type in ("model", "seed") and result.status == "success":
            key = translator.get_asset_spec(manifest, node.unique_id, None).key
            yield dg.MaterializeResult(asset_key=key, metadata={"seconds": result.execution_time})
    if not build.is_green:
        raise dg.Failure(
            "the build is not green, so nothing is published and the last release stays:\n"
            + "\n".join(f"- {problem}" for problem in build.problems)
        )


@dg.asset(
    deps=[spec.key for spec in warehouse.specs if spec.group_name in DOMAINS],
    pool=POOL,
    group_name="release",
)
def release(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """Public tables, what changed in them, the site and the accounts' bundles, never changed again.

    Where a part cannot be made, nothing is published; an unsafe bundle alone is left out.
    """
    settings = load_settings()
    hold_data(settings.data_dir, context.log.info)
    hold_releases(settings.releases_dir, context.log.info)
    try:
        folder = publish_release(settings, say=context.log.info)
    except (ReleaseError, DocsError, SiteError, BundleError) as error:
        raise dg.Failure(f"{error}\nNothing is published and the last release stays.") from None
    return dg.MaterializeResult(metadata={"folder": dg.MetadataValue.path(folder)})
