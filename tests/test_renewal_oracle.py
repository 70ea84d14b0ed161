"""Health, its contributions, the chance of renewal and its calibration, from the landed files.

All accounts and months of the demo tenant are computed again with pandas (`renewal_landed.py`,
`renewal_oracle.py`) and held against the release; calibration against scikit-learn. What half-years
said of workers and returns is taken as told: `test_evaluation.py` and the oracles of outcomes and
return hold that.
"""

from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pytest
from renewal_landed import landed_tables, seed
from renewal_oracle import band, chance, health, measured, points, weights
from sklearn.metrics import brier_score_loss, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

OWN = ("sponsor_satisfaction", "reporting_quality", "participant_health", "stakeholder_coverage")
NUMBERS = {"rel": 1e-9, "abs": 1e-12}


@pytest.fixture(scope="module")
def it(landed) -> SimpleNamespace:
    """The landed tables."""
    return landed_tables(landed)


@pytest.fixture(scope="module")
def told(demo_release: Path) -> SimpleNamespace:
    """What the release says: a table by its name."""
    return SimpleNamespace(
        **{
            name: duckdb.execute(
                f"from read_parquet('{demo_release / 'marts' / name}.parquet')"
            ).df()
            for name in (
                "rpt_health_components", "rpt_renewal_health", "rpt_renewal_forecasts",
                "rpt_renewal_calibration",
            )
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def evaluated(told: SimpleNamespace) -> pd.Series:
    """The scores of the components that are not recounted, by account, month end and code."""
    rows = told.rpt_health_components
    rows = rows[~rows["component_code"].isin(OWN) & rows["score"].notna()]
    ends = pd.to_datetime(rows["month"]) + pd.offsets.MonthEnd(0)
    keys = [rows["account_id"], ends, rows["component_code"]]
    return rows["score"].astype(float).set_axis(pd.MultiIndex.from_arrays(keys))


def scored(it, evaluated: pd.Series, account: str, day: pd.Timestamp, own: dict) -> dict:
    """Return the scores of an account on a day: recounted ones, and those told of evaluations."""
    found = {code: points(code, own[code][account]) for code in OWN if account in own[code]}
    last = day if day.is_month_end else day - pd.offsets.MonthEnd(1)
    for code in set(weights(day).index) - set(OWN):
        if (account, last, code) in evaluated.index:
            found[code] = evaluated[account, last, code]
    return found


@pytest.fixture(scope="module")
def months(it, told, evaluated) -> pd.DataFrame:
    """One row per account and month that the release has, with the scores as recounted."""
    rows = []
    for month, part in told.rpt_renewal_health.groupby("month"):
        day = pd.Timestamp(month) + pd.offsets.MonthEnd(0)
        own = measured(it, day)
        for account in part["account_id"]:
            scores = scored(it, evaluated, account, day, own)
            rows.append((account, pd.Timestamp(month), own, scores, *health(scores, day)))
    names = ["account_id", "month", "own", "scores", "health", "coverage"]
    return pd.DataFrame(rows, columns=names)


def test_components_are_those_of_the_landed_files(told, months):
    rows = told.rpt_health_components.set_index(["account_id", "month", "component_code"])
    supplied = 0
    for each in months.itertuples():
        for code in OWN:
            said = rows.loc[(each.account_id, each.month, code)]
            value = each.own[code].get(each.account_id)
            where = (each.account_id, str(each.month), code)
            assert said["is_supplied"] == (value is not None), where
            if value is None:
                assert said[["value", "score"]].isna().all(), where
                continue
            supplied += 1
            assert said["value"] == pytest.approx(value, **NUMBERS), where
            assert float(said["score"]) == each.scores[code], where
    assert supplied > 2 * len(months)


def test_health_is_the_weighted_mean_of_what_is_supplied(told, months):
    rows = told.rpt_renewal_health.set_index(["account_id", "month"])
    for each in months.itertuples():
        said = rows.loc[(each.account_id, each.month)]
        assert said["coverage_share"] == pytest.approx(each.coverage, **NUMBERS)
        assert said["band"] == band(each.health), (each, said)
        assert pd.isna(said["health_score"]) == np.isnan(each.health)
        if not np.isnan(each.health):
            assert float(said["health_score"]) == pytest.approx(each.health, abs=6e-5)
    assert set(rows["band"]) >= {"green", "amber", "red"}


def test_contributions_are_what_sets_an_account_apart_from_the_median_account(told, months):
    medians = {
        month: {
            code: float(np.median([s[code] for s in part["scores"] if code in s]))
            for code in set().union(*part["scores"])
        }
        for month, part in months.groupby("month")
    }
    rows = told.rpt_health_components.set_index(["account_id", "month", "component_code"])
    healths = told.rpt_renewal_health.set_index(["account_id", "month"])
    for each in months[months["health"].notna()].itertuples():
        weight, total = weights(each.month + pd.offsets.MonthEnd(0)), 0
        known = sum(weight[code] for code in each.scores)
        for code in weight.index:
            said = rows.loc[(each.account_id, each.month, code)]
            if code not in each.scores:
                assert pd.isna(said["contribution"])
                continue
            apart = each.scores[code] - medians[each.month][code]
            expected = weight[code] / known * apart
            assert float(said["contribution"]) == pytest.approx(expected, abs=6e-5)
            total += said["contribution"]
        whole = healths.loc[(each.account_id, each.month)]
        # decimals of four digits, read as doubles
        assert round(total, 4) == round(whole["health_score"] - whole["reference_score"], 4)


@pytest.fixture(scope="module")
def forecasts(it, told, evaluated) -> pd.DataFrame:
    """The forecasts that the release has of undecided contracts, with health as recounted."""
    rows = told.rpt_renewal_forecasts
    rows = rows[rows["is_undecided_then"].astype(bool)].copy()
    own = {day: measured(it, pd.Timestamp(day)) for day in rows["observed_on"].unique()}
    rows["recounted"] = [
        health(
            scored(
                it, evaluated, each.account_id, pd.Timestamp(each.observed_on),
                own[each.observed_on],
            ),
            pd.Timestamp(each.observed_on),
        )[0]
        for each in rows.itertuples()
    ]  # fmt: skip
    return rows


def test_a_forecast_rests_on_health_as_of_its_day(forecasts):
    assert len(forecasts) > 100
    told, recounted = forecasts["health_score"].astype(float), forecasts["recounted"]
    assert np.allclose(told, recounted, atol=6e-5, equal_nan=True)
    assert [band(score) for score in recounted] == forecasts["band"].fillna("unknown").tolist()


def test_the_chance_of_renewal_is_that_of_the_decisions_known_on_the_day(it, forecasts):
    bands = {
        (each.contract_id, each.horizon_days): band(each.recounted)
        for each in forecasts.itertuples()
    }
    shown = 0
    for each in forecasts[forecasts["is_prediction"].astype(bool)].itertuples():
        day = pd.Timestamp(each.observed_on)
        expected = chance(it, bands, band(each.recounted), each.horizon_days, day)
        assert each.renewal_probability == pytest.approx(expected, nan_ok=True, **NUMBERS)
        shown += not np.isnan(expected)
    assert shown > 50


def test_the_calibration_is_scikit_learns(told):
    rows = told.rpt_renewal_forecasts
    rows = rows[rows["is_prediction"].astype(bool) & rows["is_decided"].astype(bool)]
    calibration = told.rpt_renewal_calibration.set_index(["horizon_days", "bin_no"])
    held = 0
    for horizon, part in rows.groupby("horizon_days"):
        said, renewed = calibration.loc[(horizon, 0)], part["is_renewed"].astype(bool)
        assert said["decisions_count"] == len(part)
        if renewed.nunique() == 2:
            area = roc_auc_score(renewed, part["health_score"].astype(float))
            assert said["auc"] == pytest.approx(area, **NUMBERS)
        part = part.dropna(subset="renewal_probability")
        if len(part) < 5:
            continue
        renewed = part["is_renewed"].astype(bool)
        for name, of in (("brier_score", "renewal_probability"), ("brier_baseline", "base_rate")):
            score = brier_score_loss(renewed, part[of], pos_label=True)
            assert said[name] == pytest.approx(score, **NUMBERS)
        for number, mine in enumerate(quintiles(part), start=1):
            told_bin, hits = calibration.loc[(horizon, number)], int(mine["is_renewed"].sum())
            low, high = proportion_confint(hits, len(mine), method="wilson")
            for name, value in {
                "decisions_count": len(mine), "observed_rate": hits / len(mine), "ci_low": low,
                "ci_high": high, "mean_probability": mine["renewal_probability"].mean(),
            }.items():  # fmt: skip
                assert told_bin[name] == pytest.approx(value, **NUMBERS), (horizon, number, name)
            held += 1
    assert held >= 10


def quintiles(part: pd.DataFrame) -> list[pd.DataFrame]:
    """Return five groups of equal size, the first ones larger by one, of rising probability."""
    part = part.assign(nine=part["renewal_probability"].round(9)).sort_values(
        ["nine", "contract_id"]
    )
    sizes = [len(part) // 5 + (number < len(part) % 5) for number in range(5)]
    return [part.iloc[start:end] for start, end in pairwise(np.cumsum([0, *sizes]))]


def test_the_weights_of_each_version_make_one_whole():
    table = seed("health_weights")
    assert np.allclose(table.groupby("version")["weight"].sum(), 1)
