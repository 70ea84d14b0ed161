"""All accounts of the demo tenant: their differences pooled, and the grade of each."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest
from estimates_oracle import crude, estimated

OUTCOMES = ("retained_12m_voluntary", "promoted_12m", "absence_hours_12m")


@pytest.fixture(scope="module")
def outcomes(demo_release: Path) -> pd.DataFrame:
    return duckdb.read_parquet(str(demo_release / "marts/rpt_workforce_outcomes.parquet")).df()


@pytest.mark.parametrize("code", OUTCOMES)
def test_all_accounts_pool_their_trials_and_a_worker_is_a_cluster_of_one_account(
    demo_release, outcomes, code
):
    rows = duckdb.sql(f"""
        select arm, trial_weight, {code},
            dense_rank() over (order by account_id, worker_id) as worker_id
        from read_parquet('{demo_release}/marts/fct_outcome_trials.parquet')
        where is_in_evaluation and {code} is not null
    """).df()
    assert len(rows) > 100_000
    table = outcomes.set_index(["account_id", "outcome_code", "stratum"])
    said, found = table.loc["all", code, "all"], estimated(rows, code, "trial_weight")
    matched = rows[rows.trial_weight.notna()]
    assert said.treated_count == (rows.arm == "treated").sum()
    assert said.matched_count == (matched.arm == "treated").sum()
    assert said.comparison_count == (matched.arm == "comparison").sum()
    ours = [crude(rows, code), found.difference, found.error, found.low, found.high, found.p]
    names = ["crude_difference", "adjusted_difference", "standard_error", "ci_low", "ci_high",
             "p_value"]  # fmt: skip
    assert said[names].tolist() == pytest.approx(ours, rel=1e-9, abs=1e-12)


def grade(row: pd.Series, is_clear: bool) -> str:
    """B, C or D by overlap, balance and controls."""
    if row.overlap_share >= 0.8 and row.max_standardized_difference < 0.1 and is_clear:
        return "B"
    if row.overlap_share >= 0.5 and row.max_standardized_difference < 0.25:
        return "C"
    return "D"


def test_every_grade_follows_from_overlap_balance_and_the_control_that_is_not_matched_on(outcomes):
    control = outcomes[outcomes.stratum == "all"].groupby("account_id").first()
    is_clear = (control.second_control_ci_low <= 0) & (control.second_control_ci_high >= 0)
    told = outcomes[outcomes.is_estimable]
    expected = [grade(row, is_clear[row.account_id]) for _, row in told.iterrows()]
    assert told.evidence_grade.tolist() == expected
    assert {"B", "C"} <= set(expected)


def test_what_is_not_estimable_says_why_and_shows_no_difference(outcomes):
    hidden = ["adjusted_difference", "standard_error", "ci_low", "ci_high", "p_value", "e_value",
              "protocol_difference", "prior_difference", "evidence_grade"]  # fmt: skip
    silent = outcomes[~outcomes.is_estimable]
    assert len(silent) > 100
    assert silent[hidden].isna().all().all()
    assert silent.reason.str.len().min() > 10
    assert outcomes.reason[outcomes.is_estimable].isna().all()
