"""The statistics macros against scipy, statsmodels and plain numpy, on 10,000 random cases each."""

from collections.abc import Callable

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency, mannwhitneyu, norm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

CASES = 10_000
Expand = Callable[[str], str]


def answered(query: str, **tables: pd.DataFrame) -> pd.DataFrame:
    """What a query says of these tables."""
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(f"{name}_frame", table)
            connection.execute(f"create table {name} as from {name}_frame")
        return connection.execute(query).df()


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


def test_the_normal_distribution_is_scipys_in_the_far_tail_too(expanded: Expand):
    """Relative to 1e-11, so that 1.2442e-15 for z = 8 is right to eleven digits."""
    draw = np.random.default_rng(1)
    z = np.concatenate([draw.normal(0, 3, CASES), draw.uniform(-37, 37, CASES), [0, 4.5, -4.5, 8]])
    query = expanded(
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


def test_the_difference_of_two_rates_is_tested_as_by_statsmodels_and_pearson(expanded: Expand):
    query = expanded("select *, {{ two_proportion_p('n1', 'd1', 'n2', 'd2') }} as p from counts")
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


def test_the_interval_of_a_difference_is_statsmodels_newcombe_interval(expanded: Expand):
    query = expanded(
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


def test_the_wilson_interval_is_statsmodels_on_the_same_cases(expanded: Expand):
    query = expanded(
        "select *, {{ wilson_low('n1', 'd1') }} as low, {{ wilson_high('n1', 'd1') }} as high"
        " from counts"
    )
    found = answered(query, counts=counts(4)).query("d1 > 0")
    low, high = proportion_confint(found.n1, found.d1, method="wilson")
    assert found.low.to_numpy() == pytest.approx(np.clip(low, 0, 1), abs=1e-9)
    assert found.high.to_numpy() == pytest.approx(np.clip(high, 0, 1), abs=1e-9)


def test_q_values_are_those_of_multipletests_within_each_group(expanded: Expand):
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
    query = expanded("{{ benjamini_hochberg('tested', 'p', ['family']) }} order by label")
    found = answered(query, tested=tested.astype({"p": "Float64"}))
    assert found.columns.tolist() == ["family", "label", "p", "q_value"]
    assert found.label.tolist() == list(range(CASES))
    for _, group in found.groupby("family"):
        known = group[group.p.notna()]
        assert group.q_value[group.p.isna()].isna().all()
        if len(known):
            expected = multipletests(known.p, method="fdr_bh")[1]
            assert known.q_value.to_numpy() == pytest.approx(expected, abs=1e-9)
    whole = answered(expanded("{{ benjamini_hochberg('tested', 'p') }}"), tested=found[["p"]])
    whole = whole[whole.p.notna()]
    expected = multipletests(whole.p, method="fdr_bh")[1]
    assert whole.q_value.to_numpy() == pytest.approx(expected, abs=1e-9)


def scored_groups(seed: int) -> pd.DataFrame:
    """10,000 groups of 2 to 40 cases: with ties, with one kind only, wholly apart, all the same."""
    draw = np.random.default_rng(seed)
    sizes = draw.integers(2, 41, CASES)
    group = np.repeat(np.arange(CASES), sizes)
    outcome = draw.uniform(size=len(group)) < draw.uniform(size=CASES)[group]
    score = np.round(draw.normal(size=len(group)) + outcome * draw.normal(0, 1, CASES)[group], 1)
    score = np.where(group % 10 == 1, outcome * 1.0, score)
    score = np.where(group % 10 == 2, 7.0, score)
    score = np.where(group % 10 == 3, np.round(score), score)
    return pd.DataFrame({"scores": group, "score": score, "outcome": outcome})


def delong(positives: np.ndarray, negatives: np.ndarray) -> tuple[float, float]:
    """AUC and its variance by comparing every pair, as DeLong et al. 1988 write it."""
    wins = positives[:, None] > negatives[None, :]
    pairs = wins + 0.5 * (positives[:, None] == negatives[None, :])
    by_positive, by_negative = pairs.mean(axis=1), pairs.mean(axis=0)
    if min(len(positives), len(negatives)) < 2:
        return pairs.mean(), np.nan
    variance = by_positive.var(ddof=1) / len(positives) + by_negative.var(ddof=1) / len(negatives)
    return pairs.mean(), variance


def test_the_auc_is_that_of_all_pairs_and_its_error_delongs(expanded: Expand):
    scored = scored_groups(6)
    found = answered(
        expanded("{{ auc('scored', ['scores'], 'score', 'outcome') }} order by scores"),
        scored=scored,
    )
    assert len(found) == CASES
    undefined = 0
    for row, (_, group) in zip(found.itertuples(), scored.groupby("scores"), strict=True):
        positives = group.score[group.outcome].to_numpy()
        negatives = group.score[~group.outcome].to_numpy()
        assert (row.positives_count, row.negatives_count) == (len(positives), len(negatives))
        if not len(positives) or not len(negatives):
            assert np.isnan(row.auc)
            continue
        area, variance = delong(positives, negatives)
        assert row.auc == pytest.approx(area, abs=1e-9)
        if not variance > 1e-20:
            undefined += 1
            missing = [row.standard_error, row.auc_ci_low, row.auc_ci_high, row.p_value]
            assert np.isnan(missing).all()
            continue
        error = np.sqrt(variance)
        assert row.standard_error == pytest.approx(error, abs=1e-9)
        assert row.p_value == pytest.approx(2 * norm.sf(abs(area - 0.5) / error), abs=1e-9)
        expected = np.clip([area - norm.isf(0.025) * error, area + norm.isf(0.025) * error], 0, 1)
        assert [row.auc_ci_low, row.auc_ci_high] == pytest.approx(expected, abs=1e-9)
    assert undefined > 1000
    for row in found[found.auc.notna()].head(500).itertuples():
        group = scored[scored.scores == row.scores]
        u = mannwhitneyu(group.score[group.outcome], group.score[~group.outcome]).statistic
        assert row.auc == pytest.approx(u / row.positives_count / row.negatives_count, abs=1e-9)


def test_a_case_without_score_or_outcome_is_left_out_of_the_auc(expanded: Expand):
    scored = pd.DataFrame(
        {
            "cutoff_day": [7] * 6 + [14],
            "score": pd.array([0.1, 0.4, 0.35, 0.8, None, 0.9, None], dtype="Float64"),
            "outcome": pd.array([False, False, True, True, True, None, True], dtype="boolean"),
        }
    )
    found = answered(
        expanded("{{ auc('scored', ['cutoff_day'], 'score', 'outcome') }}"), scored=scored
    )
    assert found[["cutoff_day", "positives_count", "negatives_count", "auc"]].values.tolist() == [
        [7, 2, 2, 0.75]
    ]


def test_the_brier_score_is_the_mean_squared_distance(expanded: Expand):
    draw = np.random.default_rng(7)
    forecasts = pd.DataFrame(
        {"p": draw.uniform(size=CASES), "outcome": draw.uniform(size=CASES) < 0.3}
    )
    found = answered(
        expanded("select {{ brier_score('p', 'outcome') }} from forecasts"), forecasts=forecasts
    )
    expected = np.mean((forecasts.p - forecasts.outcome) ** 2)
    assert found.iloc[0, 0] == pytest.approx(expected, abs=1e-12)
