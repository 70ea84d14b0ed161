"""The statistics macros against scipy, statsmodels and plain numpy, on 10,000 random cases each."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency, norm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

CASES = 10_000
Answer = Callable[..., pd.DataFrame]


def counts(seed: int, cases: int = CASES) -> pd.DataFrame:
    """Two rates a row, small and large, with all, none and nothing to divide by among them."""
    draw = np.random.default_rng(seed)
    sizes = draw.choice(
        [0, 1, 2, 10, 100, 5000], size=(2, cases), p=[0.05, 0.1, 0.1, 0.25, 0.3, 0.2]
    )
    d1, d2 = draw.integers(np.minimum(sizes, 1), sizes + 1)
    odds = draw.choice([0, 1, 0.5, 0.03], size=(2, cases), p=[0.1, 0.1, 0.5, 0.3])
    return pd.DataFrame(
        {"n1": draw.binomial(d1, odds[0]), "d1": d1, "n2": draw.binomial(d2, odds[1]), "d2": d2}
    )


def test_the_normal_distribution_is_scipys_in_the_far_tail_too(answered: Answer):
    """Relative to 1e-11, so that 1.2442e-15 for z = 8 is right to eleven digits."""
    draw = np.random.default_rng(1)
    z = np.concatenate([draw.normal(0, 3, CASES), draw.uniform(-37, 37, CASES), [0, 4.5, -4.5, 8]])
    query = (
        "select z, {{ normal_cdf('z') }} as below, {{ two_sided_p('z') }} as beyond from deviations"
    )
    found = answered(query, deviations=pd.DataFrame({"z": z}))
    assert found.below.to_numpy() == pytest.approx(norm.cdf(found.z), rel=1e-11, abs=0)
    assert found.beyond.to_numpy() == pytest.approx(2 * norm.sf(found.z.abs()), rel=1e-11, abs=0)
    edges = pd.DataFrame({"z": [0.0, 1e200, -1e200, None]})
    found = answered(query, deviations=edges).sort_values("z")
    assert found.below.tolist()[:3] == [0, 0.5, 1]
    assert found.beyond.tolist()[:3] == [0, 1, 0]
    assert found.below.isna().tolist() == [False, False, False, True]


def test_the_difference_of_two_rates_is_tested_as_by_statsmodels_and_pearson(answered: Answer):
    query = "select *, {{ two_proportion_p('n1', 'd1', 'n2', 'd2') }} as p from counts"
    found = answered(query, counts=counts(2))
    empty = (found.d1 == 0) | (found.d2 == 0)
    same = ~empty & ((found.n1 + found.n2) * (found.d1 + found.d2 - found.n1 - found.n2) == 0)
    assert empty.sum() > 100
    assert same.sum() > 100
    assert found.p[empty].isna().all()
    assert (found.p[same] == 1).all()
    rest = found[~empty & ~same]
    for row in rest.itertuples():
        _, expected = proportions_ztest([row.n1, row.n2], [row.d1, row.d2])
        assert row.p == pytest.approx(expected, abs=1e-9)
    for row in rest.head(200).itertuples():
        table = [[row.n1, row.d1 - row.n1], [row.n2, row.d2 - row.n2]]
        assert row.p == pytest.approx(chi2_contingency(table, correction=False).pvalue, abs=1e-9)


def test_the_interval_of_a_difference_is_statsmodels_newcombe_interval(answered: Answer):
    query = (
        "select *, {{ newcombe_low('n1', 'd1', 'n2', 'd2') }} as low,"
        " {{ newcombe_high('n1', 'd1', 'n2', 'd2') }} as high from counts"
    )
    found = answered(query, counts=counts(3))
    empty = (found.d1 == 0) | (found.d2 == 0)
    assert found[empty][["low", "high"]].isna().all().all()
    for row in found[~empty].itertuples():
        expected = confint_proportions_2indep(row.n1, row.d1, row.n2, row.d2, method="newcomb")
        assert (row.low, row.high) == pytest.approx(expected, abs=1e-9)
        assert -1 <= row.low <= row.n1 / row.d1 - row.n2 / row.d2 <= row.high <= 1


def test_the_wilson_interval_is_statsmodels_on_the_same_cases(answered: Answer):
    query = (
        "select *, {{ wilson_low('n1', 'd1') }} as low, {{ wilson_high('n1', 'd1') }} as high"
        " from counts"
    )
    found = answered(query, counts=counts(4)).query("d1 > 0")
    low, high = proportion_confint(found.n1, found.d1, method="wilson")
    assert found.low.to_numpy() == pytest.approx(np.clip(low, 0, 1), abs=1e-9)
    assert found.high.to_numpy() == pytest.approx(np.clip(high, 0, 1), abs=1e-9)


def test_q_values_are_those_of_multipletests_within_each_group(answered: Answer):
    """Tied, tiny, zero, one and missing p-values; groups of one, and of missing ones only."""
    draw = np.random.default_rng(5)
    families = draw.integers(0, 900, CASES)
    p = draw.choice([0, 1, 1e-12, 0.5, -1, -2], size=CASES, p=[0.02, 0.03, 0.05, 0.1, 0.5, 0.3])
    p = np.where(p == -1, draw.uniform(size=CASES), p)
    p = np.where(p == -2, draw.integers(1, 20, CASES) / 200, p)
    p[draw.uniform(size=CASES) < 0.1] = np.nan
    p[families < 3] = np.nan
    tested = pd.DataFrame({"family": families, "label": np.arange(CASES), "p": p})
    tested["p"] = tested.p.astype(object).where(tested.p.notna(), None)
    query = "{{ benjamini_hochberg('tested', 'p', ['family']) }} order by label"
    found = answered(query, tested=tested.astype({"p": "Float64"}))
    assert found.columns.tolist() == [*tested.columns, "p_value_rank", "tests_count", "q_value"]
    assert found.label.tolist() == list(range(CASES))
    for _, group in found.groupby("family"):
        known = group[group.p.notna()]
        assert group.q_value[group.p.isna()].isna().all()
        if len(known):
            expected = multipletests(known.p, method="fdr_bh")[1]
            assert known.q_value.to_numpy() == pytest.approx(expected, abs=1e-9)
    whole = answered("{{ benjamini_hochberg('tested', 'p') }}", tested=found[["p"]])
    whole = whole[whole.p.notna()]
    expected = multipletests(whole.p, method="fdr_bh")[1]
    assert whole.q_value.to_numpy() == pytest.approx(expected, abs=1e-9)
