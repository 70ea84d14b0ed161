"""The sequential trials of the demo tenant, made again from the landed rows in numpy.

The maker of the other trials, `panel`, is that of the tests of the sample data: written from the
design alone, before the models. Who enrolled, and when, is taken from the drawn people themselves.
"""

import json
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pytest
from landed_files import CONTRACT, columns_of, is_good
from test_sample_workforce import ENTITIES, panel

from orchestration.settings import Settings
from sample_data.truths import Truths
from sample_data.workforce import draw_workforce
from sample_data.world import make_world

OUTCOMES = {
    "retained_12m_voluntary": "retained_12m_voluntary", "retained_12m": "retained_12m_total",
    "promoted_12m": "promoted_12m", "moved_12m": "moved_12m",
    "internal_mobility_12m": "internal_mobility_12m",
}  # fmt: skip


def good_rows(landed: duckdb.DuckDBPyConnection, entity: str) -> pd.DataFrame:
    """The landed rows of an entity that keep the contract, the latest of each key."""
    columns, key = columns_of(landed, entity), CONTRACT[entity]["meta"]["key"]
    newest = CONTRACT[entity]["meta"].get("known_at", key[0])
    rows = landed.execute(f"""
        select distinct * exclude (file) from "{entity}" where {is_good(landed, entity)}
        qualify row_number() over (
            partition by {", ".join(key)} order by {newest} desc, file desc
        ) = 1
    """).df()
    for name in columns:
        if CONTRACT[entity]["columns"][name][0] == "date":
            rows[name] = pd.to_datetime(rows[name])
        elif CONTRACT[entity]["columns"][name][0] == "bigint":
            rows[name] = pd.to_numeric(rows[name])
    return rows


@pytest.fixture(scope="module")
def truth(tenant) -> dict:
    return json.loads((tenant / "truth.json").read_text())


@pytest.fixture(scope="module")
def enrolled(truth) -> pd.DataFrame:
    """Who was drawn to enroll, and in which month for the first time."""
    world, parts = make_world(Truths(), truth["seed"], truth["scale"]), []
    for number, account in enumerate(world.truths.accounts):
        drawn = draw_workforce(world, number, number, account.workers)
        who = ~np.isnat(drawn.enroll_month)
        parts.append(pd.DataFrame({
            "account_id": account.account_id, "worker_id": drawn.worker_id[who],
            "month": drawn.enroll_month[who].astype("datetime64[s]"),
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def built(demo: Settings) -> SimpleNamespace:
    """What the models made of it: the trials that were followed fully, and who is linked."""
    with duckdb.connect(str(demo.warehouse_path), read_only=True) as connection:
        trials = connection.execute("""
            select * from employer_roi.fct_outcome_trials where is_followed_fully
        """).df()
        linked = connection.execute("""
            select worker_id from core.dim_participants where worker_id is not null
        """).df()
    return SimpleNamespace(trials=trials, linked=linked["worker_id"])


def test_whoever_enrolled_and_is_known_is_treated_in_that_month(built, enrolled, truth):
    treated = built.trials[built.trials["arm"] == "treated"]
    followed = enrolled[enrolled["month"] <= treated["index_month"].max()]
    is_known = followed["worker_id"].isin(built.linked)
    both = followed[is_known].merge(treated, on=["account_id", "worker_id"], how="outer")
    assert (both["month"] == both["index_month"]).all()
    counts = treated.groupby("account_id").size()
    unknown = followed[~is_known].groupby("account_id").size()
    for account, said in truth["workforce"]["accounts"].items():
        assert counts.get(account, 0) == said["followed"] - unknown.get(account, 0)
    assert 0 < (~is_known).mean() < 0.02


def test_trials_made_from_the_landed_rows_by_numpy_are_the_same(built, enrolled, landed):
    rows = {entity: good_rows(landed, entity) for entity in ENTITIES}
    known = enrolled[enrolled["worker_id"].isin(built.linked)].set_index("worker_id")
    in_trial, is_treated, stratum, outcomes = panel(rows, known["month"], Truths().workforce)
    ids = rows["worker"].sort_values("worker_id", kind="stable")["worker_id"].unique()
    who, month = np.nonzero(in_trial)
    expected = pd.DataFrame({
        "worker_id": ids[who],
        "index_month": (np.datetime64("2023-07") + month).astype("datetime64[us]"),
        "is_treated": is_treated[who, month], "code": stratum[who, month],
        **{name: outcomes[place, who, month] == 1 for place, name in enumerate(OUTCOMES)},
    })  # fmt: skip
    of_account = rows["worker"].groupby("worker_id")["account_id"].first()
    expected["account_id"] = expected["worker_id"].map(of_account)
    served = known.groupby(["account_id", "month"]).size().rename("people")
    expected = expected.join(served, on=["account_id", "index_month"], how="inner")
    both = built.trials.merge(
        expected, on=["account_id", "worker_id", "index_month"], how="outer",
        suffixes=("", "_expected"), indicator=True,
    )  # fmt: skip
    assert len(both) > 500_000
    assert (both["_merge"] == "both").all()
    assert ((both["arm"] == "treated") == both["is_treated"]).all()
    for name in OUTCOMES:
        assert (both[name].astype(bool) == both[f"{name}_expected"]).all(), name
    pairs = both[["account_id", "stratum", "code"]].drop_duplicates()
    for column in ("stratum", "code"):
        assert not pairs.duplicated(["account_id", column]).any()
    assert len(pairs) > 1_000


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_weighted_difference_is_near_the_planted_one_and_far_from_the_naive(
    built, truth, outcome
):
    """Near: four standard errors of the participants' share, the colleagues' being more exact."""
    planted = truth["workforce"]["all_accounts"]
    rows = built.trials.dropna(subset=["trial_weight"])
    treated = rows[rows["arm"] == "treated"]
    others = rows[rows["arm"] == "comparison"]
    rate = treated[outcome].astype(float).mean()
    without = np.average(others[outcome].astype(float), weights=others["trial_weight"])
    att = planted["att"][OUTCOMES[outcome]]
    error = np.sqrt(rate * (1 - rate) / len(treated))
    assert abs(rate - without - att) < 4 * error
    naive = planted["naive_difference_as_drawn"][OUTCOMES[outcome]]
    assert naive - att > 4 * error
    assert len(treated) > 2_500
