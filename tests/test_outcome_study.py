"""The smaller version of `studies/outcomes.py`: employers whose true effects are known.

The bounds are such that a right method fails with a probability of about 1 in 1,000 each. The
seeds are fixed: what passes once passes always, until the method changes.
"""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sample_data.accounts import Account
from studies.outcomes import measure
from studies.workforces import employer

RARELY = 1e-3
# One of each kind of event: the other two outcomes are made of these.
APART = ("retained_12m_voluntary", "promoted_12m", "moved_12m", "absence_hours_12m")
SEEDS = range(1, 17)
WORKERS, UTILIZATION = 800, 0.2  # so many enroll that a small employer suffices


def employers() -> list[tuple[int, Account]]:
    """Return employers whose benefit has a strong effect, and as many where it has none."""
    drawn = []
    for seed in SEEDS:
        drawn.append((seed, employer(f"none{seed}", WORKERS, UTILIZATION)))
        effects = {"retention": 0.5, "promotion": 2.0, "mobility": 1.8}
        drawn.append((seed, employer(f"some{seed}", WORKERS, UTILIZATION, **effects)))
    return drawn


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> pd.DataFrame:
    """Account-outcomes with enough people beside the truth; all lie in one warehouse."""
    rows = measure(tmp_path_factory.mktemp("outcomes"), employers())
    assert set(rows["account_id"]) == {account.account_id for _, account in employers()}
    return enough(rows)


def enough(rows: pd.DataFrame) -> pd.DataFrame:
    """Return those that are estimable: of so large employers nearly all are."""
    found = rows[rows["is_estimable"].astype(bool)].copy()
    assert len(found) > 0.9 * len(rows)
    found["is_effective"] = found["account_id"].str.startswith("acc-some")
    return found


def is_near_zero(values: pd.Series) -> bool:
    return abs(values.mean()) < 4 * values.std() / np.sqrt(len(values))


def test_the_adjusted_difference_is_right_on_average_and_the_naive_one_is_not(outcomes):
    for code, rows in outcomes.groupby("outcome_code"):
        assert is_near_zero(rows["error"]), code
        if code.startswith("retained"):
            assert abs(rows["error"].mean()) < 0.1 * rows["naive_error"].mean()
        if rows["naive"].notna().any():
            assert rows["naive_error"].mean() > 0.05, code
            assert not is_near_zero(rows["naive_error"]), code


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


def test_strong_effects_are_found(outcomes):
    for code in APART:
        rows = outcomes[outcomes["is_effective"] & (outcomes["outcome_code"] == code)]
        weight = 1 / rows["standard_error"] ** 2
        pooled = np.average(rows["adjusted_difference"], weights=weight) * np.sqrt(weight.sum())
        assert pooled * np.sign(rows["truth"].mean()) > 3, code


def test_the_per_protocol_difference_is_right_on_average(outcomes):
    for code, rows in outcomes.groupby("outcome_code"):
        assert is_near_zero(rows["protocol_error"]), code
