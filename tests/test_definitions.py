"""What Dagster sees: assets by domain, dbt tests as checks, one job, one nightly schedule."""

import re

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from orchestration.definitions import definitions
from orchestration.settings import PROJECT_DIR


@pytest.fixture(scope="module")
def graph() -> AssetGraph:
    return definitions.resolve_asset_graph()


def test_each_domain_is_a_group_and_holds_its_tables(graph):
    groups = {key.to_user_string(): graph.get(key).group_name for key in graph.get_all_asset_keys()}
    assert groups["funnel_conversion/rpt_funnel_cohorts"] == "funnel_conversion"
    assert groups["core/dim_accounts"] == "core"
    assert groups["trust/rpt_source_health"] == "trust"
    assert groups["raw_participant/learning_event"] == "landing"
    assert groups["staging/stg_enrollment"] == "staging"
    assert groups["release"] == "release"


def test_landed_rows_lead_to_staging_and_every_mart_leads_to_the_release(graph):
    staging = graph.get(dg.AssetKey(["staging", "stg_enrollment"]))
    assert dg.AssetKey(["raw_participant", "enrollment"]) in staging.parent_keys
    release = graph.get(dg.AssetKey("release"))
    domains = {
        "account_profitability",
        "core",
        "diagnostics",
        "funnel_conversion",
        "operations",
        "employer_roi",
        "renewal_health",
        "signals",
        "stakeholders",
        "trust",
    }
    marts = {key for key in graph.get_all_asset_keys() if graph.get(key).group_name in domains}
    assert release.parent_keys == marts


def test_what_is_evaluated_never_depends_on_earlier_evaluations(graph):
    evidence = dg.AssetKey(["evaluation_ledger", "evidence"])
    reached, waiting = set(), [dg.AssetKey(["intermediate", "int_evidence_evaluate"])]
    while waiting:
        key = waiting.pop()
        reached.add(key)
        waiting += graph.get(key).parent_keys - reached
    assert dg.AssetKey(["raw_participant", "worker"]) in reached
    assert evidence not in reached
    history = graph.get(dg.AssetKey(["intermediate", "int_evidence_history_collect"]))
    assert evidence in history.parent_keys


def test_dbt_tests_show_as_asset_checks(graph):
    names = {key.name for key in graph.asset_check_keys}
    assert "core_entities_are_supplied" in names
    assert "received_rows_are_all_accounted_for" in names
    assert any(name.startswith("unique_fct_enrollment_journeys") for name in names)


def test_a_data_test_is_a_check_of_a_table_that_it_reads():
    """Of another table, Dagster would refuse its result, and with it the refresh."""
    pattern = r"'ref': \{'name': '(\w+)'\}"
    files = sorted((PROJECT_DIR / "tests" / "data").glob("*/*.sql"))
    named = {path: re.findall(pattern, path.read_text()) for path in files}
    assert sum(map(bool, named.values())) > 10
    for path, tables in named.items():
        assert set(tables) <= set(re.findall(r"ref\('(\w+)'\)", path.read_text())), path.name


def test_the_nightly_schedule_runs_the_refresh_at_two_in_the_morning():
    schedule = definitions.resolve_schedule_def("nightly")
    assert schedule.cron_schedule == "0 2 * * *"
    assert schedule.job_name == "refresh"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


def test_dbt_runs_in_one_step_of_the_refresh():
    """Dagster splits a step in two where something in it waits for an asset that waits for it."""
    job = definitions.resolve_job_def("refresh")
    assert {node.name for node in job.graph.nodes} == {"landed_rows", "warehouse", "release"}


def test_the_refresh_takes_in_every_asset(graph):
    job = definitions.resolve_job_def("refresh")
    selected = set(job.asset_layer.executable_asset_keys)
    assert selected == set(graph.executable_asset_keys)
