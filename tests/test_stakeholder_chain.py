"""The chain's macros against scipy and a search by hand; the demo tenant against its truth."""

import json
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from orchestration.settings import Settings

LEAST = 5
Answer = Callable[..., pd.DataFrame]


def test_the_reach_of_an_interval_is_that_of_students_t(answered: Answer):
    """As exact as the series promises: 0.001 from 4 degrees of freedom on, 0.00001 from 10 on."""
    degrees = pd.DataFrame({"df": np.arange(1, 2001)})
    found = answered("select df, {{ t_quantile('df') }} as reach from degrees", degrees=degrees)
    expected = t.ppf(0.975, found.df)
    assert found.reach[found.df >= 4].to_numpy() == pytest.approx(expected[3:], abs=1e-3)
    assert found.reach[found.df >= 10].to_numpy() == pytest.approx(expected[9:], abs=1e-5)
    none = answered("select {{ t_quantile('df') }} as reach from none", none=degrees * 0)
    assert none.reach.isna().all()


def test_what_is_hidden_cannot_be_worked_out_and_nothing_is_hidden_for_nothing(answered: Answer):
    """On 400 random margins: who is below the minimum is hidden; what is hidden has the minimum.

    And of all ways to hide enough the fewest cells are taken, found by trying every subset.
    """
    draw = np.random.default_rng(5)
    rows = [
        (margin, f"cell-{cell}", int(people))
        for margin in range(400)
        for cell, people in enumerate(draw.choice([0, 1, 2, 4, 5, 6, 9], size=draw.integers(1, 7)))
    ]
    cells = pd.DataFrame(rows, columns=["margin_code", "cell_code", "people_count"])
    query = "{{ suppression('cells', ['margin_code'], 'cell_code', 'people_count', '5') }}"
    found = answered(query, cells=cells)
    assert len(found) == len(cells)
    for _, margin in found.groupby("margin_code"):
        few = margin.people_count.between(1, LEAST - 1)
        assert ((margin.suppression_reason == "few_people") == few).all()
        hidden = margin.people_count[margin.suppression_reason.notna()]
        fewest = _fewest_hidden(margin.people_count.tolist())
        if fewest is None:  # even all together are too few: the sum itself is hidden
            assert margin.people_count.sum() < LEAST
        else:
            assert hidden.empty or hidden.sum() >= LEAST
            assert len(hidden) == fewest
    assert {"few_people", "protects_another"} <= set(found.suppression_reason)


def _fewest_hidden(people: list[int]) -> int | None:
    """Return how many cells must be hidden at least; None where no choice is enough."""
    few = sum(0 < count < LEAST for count in people)
    hidden = sum(count for count in people if count < LEAST)
    others = [count for count in people if count >= LEAST]
    if hidden == 0:
        return 0
    for more in range(len(others) + 1):
        if any(hidden + sum(chosen) >= LEAST for chosen in combinations(others, more)):
            return few + more
    return None


@pytest.fixture(scope="module")
def chain(demo_release: Path) -> pd.DataFrame:
    """The rows of rpt_stakeholder_chain of the demo tenant."""
    with duckdb.connect() as connection:
        return connection.read_parquet(f"{demo_release}/marts/rpt_stakeholder_chain.parquet").df()


def test_the_new_sponsor_shows_as_a_break_in_the_second_month_and_nobody_else_does(
    chain: pd.DataFrame, demo: Settings
):
    """In the month of the change one sponsor answered: it is told in the month after it."""
    truth = json.loads((demo.landing_dir / "truth.json").read_text(encoding="utf-8"))
    change = truth["stakeholders"]["sponsor_change"]
    found = chain[chain.is_break.fillna(False).astype(bool)]
    assert set(found.account_id) == {change["account_id"]}
    assert set(found.chain_role) == {"executive_sponsor"}
    assert set(found.breaks_with) == {"hr_leader"}
    first = pd.Period(found.month.min(), "M")
    assert (first - pd.Period(change["month"], "M")).n == 1
    planted = {month for run in truth["stakeholders"]["breaks"] for month in run["months"]}
    assert {str(pd.Period(month, "M")) for month in found.month} <= planted


def test_no_score_of_fewer_than_five_people_is_shown(chain: pd.DataFrame):
    shown = chain[["confidence_score", "ci_low", "ci_high", "nps"]].notna().any(axis=1)
    assert shown.sum() > 500
    assert (chain.people_count[shown] >= LEAST).all()
    assert not chain.is_suppressed[shown].any()
    sums = chain[(chain.account_id != "all") & chain.is_suppressed]
    hidden = sums.groupby(["chain_role", "month"]).people_count.sum()
    all_people = chain[chain.account_id == "all"].set_index(["chain_role", "month"])
    open_sums = all_people.people_count[~all_people.is_suppressed]
    assert (hidden[hidden.index.isin(open_sums.index)] >= LEAST).all()
