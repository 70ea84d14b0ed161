"""The links of the stakeholder chain are those that numpy finds in the landed answers."""

from itertools import pairwise
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from chain_oracle import ROLES, link, panel
from renewal_landed import landed_tables

LAST = pd.Timestamp("2026-06-30")


@pytest.fixture(scope="module")
def told(demo_release: Path) -> pd.DataFrame:
    """The links of the release, by the two roles."""
    path = demo_release / "marts" / "rpt_chain_links.parquet"
    rows = duckdb.execute(f"from read_parquet('{path}')").df()
    return rows.set_index(["from_role", "to_role"])


@pytest.fixture(scope="module")
def links(landed) -> dict:
    """The links as numpy finds them."""
    means = panel(landed_tables(landed), LAST)
    return {(up, own): link(means[up], means[own]) for up, own in pairwise(ROLES)}


def test_lags_coefficients_and_intervals_are_those_of_the_landed_answers(told, links):
    for roles, mine in links.items():
        said = told.loc[roles]
        counts = (said["lag_months"], said["panel_count"], said["accounts_count"])
        assert counts == (mine.lag, mine.panel, mine.accounts), roles
        near = {"rel": 1e-8, "abs": 1e-10}
        assert said["coefficient"] == pytest.approx(mine.coefficient, **near), roles
        assert said["own_coefficient"] == pytest.approx(mine.own_coefficient, **near), roles
        assert said["out_of_sample_error"] == pytest.approx(mine.error, **near), roles
        # the quantile of Student's t is a series there, right to five digits
        for end in ("ci_low", "ci_high"):
            assert said[end] == pytest.approx(getattr(mine, end), abs=1e-6), roles


def test_the_way_from_participant_to_sponsor_is_the_product_of_the_links(told, links):
    way, product, lags = told.loc[("participant", "executive_sponsor")], 1.0, 0
    for mine in links.values():
        product, lags = product * mine.coefficient, lags + mine.lag
    assert way["is_path"]
    assert way["coefficient"] == pytest.approx(product, rel=1e-8)
    assert way["lag_months"] == lags
