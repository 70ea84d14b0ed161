"""AUC and Brier score against scipy and all pairs in numpy, on 10,000 random groups."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu, norm

CASES = 10_000
Answer = Callable[..., pd.DataFrame]


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


def test_the_auc_is_that_of_all_pairs_and_its_error_delongs(answered: Answer):
    scored = scored_groups(6)
    found = answered(
        "{{ auc('scored', ['scores'], 'score', 'outcome') }} order by scores",
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


def test_a_case_without_score_or_outcome_is_left_out_of_the_auc(answered: Answer):
    scored = pd.DataFrame(
        {
            "cutoff_day": [7] * 6 + [14],
            "score": pd.array([0.1, 0.4, 0.35, 0.8, None, 0.9, None], dtype="Float64"),
            "outcome": pd.array([False, False, True, True, True, None, True], dtype="boolean"),
        }
    )
    found = answered("{{ auc('scored', ['cutoff_day'], 'score', 'outcome') }}", scored=scored)
    assert found[["cutoff_day", "positives_count", "negatives_count", "auc"]].values.tolist() == [
        [7, 2, 2, 0.75]
    ]


def test_the_brier_score_is_the_mean_squared_distance_of_all_cases(answered: Answer):
    draw = np.random.default_rng(7)
    p, observations = draw.choice([0, 1, 0.25, 0.9], CASES), draw.integers(0, 5, CASES)
    p = np.where(draw.uniform(size=CASES) < 0.5, draw.uniform(size=CASES), p)
    forecasts = pd.DataFrame({"p": p, "n": observations, "o": draw.binomial(observations, 0.3)})
    query = "select {{ brier_score('p', 'o', 'n') }} from forecasts"
    cases = [
        (row.p - (number < row.o)) ** 2 for row in forecasts.itertuples() for number in range(row.n)
    ]
    assert answered(query, forecasts=forecasts).iloc[0, 0] == pytest.approx(
        np.mean(cases), abs=1e-9
    )
    assert answered(query, forecasts=forecasts[forecasts.n == 0]).isna().all().all()
