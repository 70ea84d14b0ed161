"""The second engine gives the same rows: every public table, built by Spark, from the same rows."""

import shutil

import duckdb
import pytest
from conftest import settings_in

from orchestration.settings import Settings
from orchestration.spark import build_on_spark, compare_engines


@pytest.fixture(scope="module")
def both_engines(demo: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_in(tmp_path_factory.mktemp("spark"))
    settings.data_dir.mkdir()
    shutil.copyfile(demo.raw_path, settings.raw_path)
    shutil.copyfile(demo.warehouse_path, settings.warehouse_path)
    build_on_spark(settings)
    return settings


def test_every_public_table_is_equal_row_by_row(both_engines, demo_release):
    compared = list(compare_engines(both_engines))
    assert {table for table, *_ in compared} == {p.stem for p in (demo_release / "marts").iterdir()}
    assert [(table, example) for table, _, differing, example in compared if differing] == []
    assert sum(rows for _, rows, *_ in compared) > 10_000


def test_the_comparison_finds_a_row_that_differs_by_more_than_rounding(both_engines):
    table = "funnel_conversion.rpt_funnel_cohorts"
    with duckdb.connect(str(both_engines.warehouse_path)) as connection:
        connection.execute(
            f"update {table} set rate = rate + 1e-8"
            " where stage_code = 'engaged' and cohort_month = 'all'"
        )
        changed = connection.execute(
            f"select count(*) from {table}"
            " where stage_code = 'engaged' and cohort_month = 'all' and rate is not null"
        ).fetchone()[0]
    differing = {name: count for name, _, count, _ in compare_engines(both_engines)}
    assert differing.pop("rpt_funnel_cohorts") == changed > 0
    assert set(differing.values()) == {0}
