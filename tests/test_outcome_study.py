"""The smaller version of `studies/outcomes.py`: employers whose true effects are known.

The bounds are such that a right method fails with a probability of about 1 in 10,000 each. The
seeds are fixed: what passes once passes always, until the method changes.
"""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from studies.outcomes import measure
from studies.workforces import employer

RARELY = 1e-4
# One of each kind of event: the other two outcomes are made of these.
APART = ("retained_12m_voluntary", "promoted_12m", "moved_12m", "absence_hours_12m")
WORKERS = (800, 1_200, 1_600, 2_400)
SEEDS = (1, 2)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> pd.DataFrame:
    """Account-outcomes with enough people beside the truth: half of a strong effect, half of none.

    All lie in one warehouse.
    """
    drawn = []
    for seed in SEEDS:
        for place, workers in enumerate(WORKERS):
            drawn.append((seed, employer(f"none{seed}x{place}", workers, 0.1)))
            effective = employer(
                f"some{seed}x{place}", workers, 0.1, retention=0.6, promotion=1.8, mobility=1.5
            )
            drawn.append((seed, effective))
    rows = measure(tmp_path_factory.mktemp("outcomes"), drawn)
    assert set(rows["account_id"]) == {account.account_id for _, account in drawn}
    enough = rows[rows["is_estimable"].astype(bool)].copy()
    assert len(enough) > 0.9 * len(rows)
    enough["is_effective"] = enough["account_id"].str.startswith("acc-some")
    return enough


def is_near_zero(values: pd.Series) -> bool:
    return abs(values.mean()) < 4 * values.std() / np.sqrt(len(values))


def test_the_adjusted_difference_is_right_on_average_and_the_naive_one_is_not(outcomes):
    for code, rows in outcomes.groupby("outcome_code"):
        assert is_near_zero(rows["error"]), code
        if code.startswith("retained"):
            assert abs(rows["error"].mean()) < 0.1 * rows["naive_error"].mean()
        if rows["naive"].notna().any():
            assert (rows["naive_error"] > 0.05).mean() > 0.9, code
    effective = outcomes[outcomes["is_effective"]]
    found = effective.groupby("outcome_code")[["adjusted_difference", "truth"]].mean()
    assert np.sign(found["adjusted_difference"]).equals(np.sign(found["truth"]))


def test_the_intervals_are_as_wide_as_they_should_be(outcomes):
    rows = outcomes[outcomes["outcome_code"].isin(APART)]
    squares = ((rows["error"] / rows["standard_error"]) ** 2).sum()
    below, above = stats.chi2.ppf([RARELY, 1 - RARELY], len(rows))
    assert below < squares < above
    missed = (~rows["is_covered"]).sum()
    assert missed <= stats.binom.ppf(1 - RARELY, len(rows), 0.05)


def test_where_enrolling_does_nothing_hardly_any_effect_is_claimed(outcomes):
    rows = outcomes[~outcomes["is_effective"] & outcomes["outcome_code"].isin(APART)]
    assert (rows["truth"].abs() < 1e-12).all()
    assert rows["is_claimed"].sum() <= stats.binom.ppf(1 - RARELY, len(rows), 0.05)
    assert (rows["naive_error"].dropna() > 0).mean() > 0.9


def test_a_strong_effect_on_staying_is_claimed_where_many_take_part(outcomes):
    rows = outcomes[outcomes["is_effective"] & (outcomes["matched_count"] > 250)]
    claimed = rows[rows["outcome_code"] == "retained_12m_voluntary"]["is_claimed"]
    assert len(claimed) >= 6
    assert claimed.mean() > 0.5


def test_the_per_protocol_difference_is_right_on_average(outcomes):
    for code, rows in outcomes.groupby("outcome_code"):
        assert is_near_zero(rows["protocol_error"]), code
