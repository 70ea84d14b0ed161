"""Do early indicators see only what was known by the cut-off? Counted again from the files."""

import json
from collections import defaultdict

import duckdb
import numpy as np
import pytest
from scipy import stats
from watched import Watched, watch

from orchestration.settings import PROJECT_DIR


@pytest.fixture(scope="module")
def warehouse(demo):
    with duckdb.connect(demo.warehouse_path, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def watched(counted, demo) -> Watched:
    with duckdb.connect(demo.raw_path, read_only=True) as raw:
        (now,) = raw.sql(
            "select max(last_known_at) from load_ledger.batches where status = 'loaded'"
        ).fetchone()
    return watch(counted, now)


@pytest.fixture(scope="module")
def validity(warehouse) -> dict[tuple, dict]:
    """The rows of the mart by indicator, outcome and cut-off day."""
    relation = warehouse.sql("select * from signals.rpt_indicator_validity")
    rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    return {(row["indicator_code"], row["outcome_code"], row["cutoff_day"]): row for row in rows}


@pytest.mark.parametrize("cutoff", [14, 28, 56])
@pytest.mark.parametrize(
    "indicator",
    [
        "week_1_retention",
        "weekly_active_learners",
        "program_engagement",
        "coaching_attendance",
        "assignment_completion",
    ],
)
def test_the_files_give_the_same_auc_when_cut_off_by_hand(watched, validity, indicator, cutoff):
    ours = validity[indicator, "program_completion", cutoff]["auc"]
    assert watched.auc(indicator, cutoff) == pytest.approx(ours, abs=1e-9)


@pytest.mark.parametrize("cutoff", [14, 28, 56])
@pytest.mark.parametrize(
    ("indicator", "gain"),
    # later weeks tell the outcome itself; a later grade tells only what was handed in before
    [("weekly_active_learners", 0.1), ("program_engagement", 0.05), ("assignment_completion", 0.0)],
)
def test_letting_later_events_in_would_raise_the_auc(watched, validity, indicator, gain, cutoff):
    ours = validity[indicator, "program_completion", cutoff]["auc"]
    assert watched.auc(indicator, cutoff, truncated=False) > ours + gain


def test_the_guide_says_by_how_much(watched, validity):
    ours = validity["program_engagement", "program_completion", 28]["auc"]
    leaky = watched.auc("program_engagement", 28, truncated=False)
    guide = (PROJECT_DIR / "docs/guides/indicator_validity.md").read_text(encoding="utf-8")
    assert f"on day 28 from {ours:.2f} to {leaky:.2f}" in " ".join(guide.split())


def test_the_useless_indicator_is_not_validated_and_the_others_are(validity, tenant):
    planted = json.loads((tenant / "truth.json").read_text())["platform"]["indicators"]
    verdicts = defaultdict(set)
    for (indicator, _, _), row in validity.items():
        verdicts[indicator].add(row["verdict"])
    assert verdicts.keys() == planted.keys()
    for indicator, truth in planted.items():
        assert ("validated" in verdicts[indicator]) == truth["predicts"], indicator


def test_an_indicator_is_not_estimable_before_anything_is_due(validity):
    empty = {
        (indicator, cutoff)
        for (indicator, outcome, cutoff), row in validity.items()
        if outcome == "program_completion" and not row["is_estimable"]
    }
    assert empty == {
        ("week_1_retention", 7),
        ("assignment_completion", 7),
        *(("simulation_completion", cutoff) for cutoff in (7, 14, 28)),
    }
    for indicator, cutoff in empty:
        row = validity[indicator, "program_completion", cutoff]
        assert row["is_supplied"]
        assert (row["observations_count"], row["auc"], row["verdict"]) == (0, None, "unproven")


def test_the_measures_are_those_of_numpy_and_scipy(warehouse, validity):
    pairs = warehouse.sql("""
        select indicator_code, outcome_code, cutoff_day, account_id, score, is_flagged, has_outcome,
            lead_days, start_month, window_end_month
        from intermediate.int_cutoff_outcome_pair
    """).df()
    keys = ["indicator_code", "outcome_code", "cutoff_day"]
    estimable = {key: row for key, row in validity.items() if row["is_estimable"]}
    for key, cases in pairs.groupby(keys):
        if key not in estimable:
            continue
        ours, flag, outcome = estimable[key], cases.is_flagged, cases.has_outcome
        assert ours["observations_count"] == len(cases)
        assert ours["lift"] == pytest.approx(outcome[flag].mean() / outcome.mean(), abs=1e-12)
        assert ours["recall"] == pytest.approx(flag[outcome].mean(), abs=1e-12)
        assert ours["lead_days"] == np.median(cases.lead_days[flag & outcome])
        assert ours["auc"] == pytest.approx(area(cases), abs=1e-12)
        if key[0] == "program_engagement":
            without = [area(cases[cases.account_id != one]) for one in cases.account_id.unique()]
            assert ours["auc_low_without_one_account"] == pytest.approx(min(without), abs=1e-12)
        assert ours["brier_skill"] == pytest.approx(back_tested_skill(cases), abs=1e-9)
    p_values = [row["p_value"] for row in estimable.values()]
    q_values = [row["q_value"] for row in estimable.values()]
    assert q_values == pytest.approx(stats.false_discovery_control(p_values), abs=1e-12)


def area(cases) -> float:
    """The AUC by the rank sum of Mann and Whitney."""
    ranks, positives = stats.rankdata(cases.score), cases.has_outcome.sum()
    rank_sum = ranks[cases.has_outcome].sum() - positives * (positives + 1) / 2
    return rank_sum / (positives * (len(cases) - positives))


def back_tested_skill(cases, enough: int = 10) -> float | None:
    """Predict each month's starters by those whose window was over before, case by case."""
    losses = []
    for month, tested in cases.groupby("start_month"):
        known = cases[cases.window_end_month < month]
        if min((known.is_flagged).sum(), (~known.is_flagged).sum()) >= enough:
            base = known.has_outcome.mean()
            rates = known.groupby("is_flagged").has_outcome.mean()
            predicted = tested.is_flagged.map(rates)
            losses.append(
                np.column_stack(
                    [(tested.has_outcome - predicted) ** 2, (tested.has_outcome - base) ** 2]
                )
            )
    if sum(map(len, losses)) < enough:
        return None
    loss, base_loss = np.concatenate(losses).sum(axis=0)
    return 1 - loss / base_loss
