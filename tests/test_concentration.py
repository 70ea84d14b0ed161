"""Whale curve, concentration and rank correlation against numpy, scipy and published numbers."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, spearmanr

CASES = 3_000
Answer = Callable[..., pd.DataFrame]


def account_groups(seed: int) -> pd.DataFrame:
    """Groups of 1 to 60 accounts in whole cents: ties, zeros, losses only, all the same."""
    draw = np.random.default_rng(seed)
    sizes = draw.integers(1, 61, CASES)
    group = np.repeat(np.arange(CASES), sizes)
    revenue = np.round(draw.lognormal(9, 1.5, len(group)), 2)
    profit = np.round(revenue * draw.normal(0.1, 0.4, len(group)), 2)
    kind = group % 10
    revenue = np.where(kind == 1, np.round(revenue, -4), revenue)
    revenue = np.where(kind == 2, 500.0, revenue)
    revenue = np.where(kind == 3, 0.0, revenue)
    revenue = np.where(kind == 4, revenue - 20_000, revenue)
    profit = np.where(kind == 5, -np.abs(profit), profit)
    profit = np.where(kind == 6, np.round(profit, -3), profit)
    profit = np.where(kind == 7, revenue, profit)
    profit = np.where(kind == 8, np.abs(profit), profit)
    names = [f"a{number:05}" for number in draw.permutation(len(group))]
    return pd.DataFrame(
        {"grp": group, "account_id": names, "revenue": revenue, "profit": profit}
    ).sample(frac=1, random_state=seed)


def cents(values: pd.Series) -> np.ndarray:
    return np.round(values.to_numpy(dtype=float) * 100).astype(np.int64)


def test_the_whale_curve_adds_up_profit_from_the_best_account_to_the_worst(answered: Answer):
    accounts = account_groups(1)
    found = answered(
        "{{ whale_curve('accounts', ['grp'], 'account_id', 'profit') }} order by grp, profit_rank",
        accounts=accounts,
    )
    assert len(found) == len(accounts)
    without_share = 0
    for (number, curve), (_, group) in zip(
        found.groupby("grp"), accounts.groupby("grp"), strict=True
    ):
        best = sorted(zip(-cents(group.profit), group.account_id, strict=True))
        assert list(curve.account_id) == [account for _, account in best], number
        cumulative = np.cumsum([-profit for profit, _ in best])
        n, total = len(group), cents(group.profit).sum()
        assert list(curve.profit_rank) == list(range(1, n + 1))
        assert set(curve.accounts_count) == {n}
        assert curve.account_share.to_numpy() == pytest.approx(np.arange(1, n + 1) / n, abs=1e-12)
        assert (cents(curve.cumulative_profit_amount) == cumulative).all()
        assert (cents(curve.total_profit_amount) == total).all()
        if total > 0:
            share = curve.cumulative_profit_share.to_numpy()
            assert share == pytest.approx(cumulative / total, rel=1e-12)
        else:
            without_share += 1
            assert curve.cumulative_profit_share.isna().all()
    assert without_share > CASES / 10


def test_concentration_is_that_of_the_sorted_accounts_and_of_all_pairs(answered: Answer):
    accounts = account_groups(2)
    found = answered(
        "{{ concentration('accounts', ['grp'], 'revenue') }} order by grp", accounts=accounts
    )
    undefined = 0
    for row, (_, group) in zip(found.itertuples(), accounts.groupby("grp"), strict=True):
        values = np.sort(cents(group.revenue))[::-1]
        n, total = len(values), values.sum()
        assert row.accounts_count == n
        assert round(row.total_amount * 100) == total
        if total <= 0:
            undefined += 1
            assert np.isnan([row.top_20_share, row.top_4_share, row.gini]).all()
            continue
        assert row.top_20_share == pytest.approx(values[: -(-n // 5)].sum() / total, rel=1e-12)
        assert row.top_4_share == pytest.approx(values[: -(-n // 25)].sum() / total, rel=1e-12)
        if values[-1] < 0:
            assert np.isnan(row.gini)
            continue
        # half the relative mean absolute difference, of all pairs
        distance = np.abs(values[:, None] - values[None, :]).sum()
        assert row.gini == pytest.approx(distance / (2 * n * total), abs=1e-12)
    assert undefined > CASES / 10


def test_the_rank_correlation_is_scipys_with_the_interval_of_fieller_et_al(answered: Answer):
    accounts = account_groups(3)
    found = answered(
        "{{ rank_correlation('accounts', ['grp'], 'revenue', 'profit') }} order by grp",
        accounts=accounts,
    )
    undefined = perfect = 0
    for row, (_, group) in zip(found.itertuples(), accounts.groupby("grp"), strict=True):
        n = len(group)
        assert row.pairs_count == n
        if group.revenue.nunique() == 1 or group.profit.nunique() == 1:
            undefined += 1
            assert np.isnan([row.rank_correlation, row.ci_low, row.ci_high]).all()
            continue
        expected = spearmanr(group.revenue, group.profit).statistic
        assert row.rank_correlation == pytest.approx(expected, abs=1e-9)
        if n < 4 or abs(expected) > 1 - 1e-9:
            perfect += n >= 4
            assert np.isnan([row.ci_low, row.ci_high]).all()
            continue
        margin = norm.isf(0.025) * np.sqrt(1.06 / (n - 3))
        bounds = np.tanh(np.arctanh(expected) + np.array([-margin, margin]))
        assert [row.ci_low, row.ci_high] == pytest.approx(bounds, abs=1e-9)
    assert undefined > CASES / 10
    assert perfect > CASES / 20


def test_an_account_without_a_value_is_left_out(answered: Answer):
    accounts = pd.DataFrame(
        {
            "grp": [1, 1, 1, 2],
            "account_id": ["a", "b", "c", "d"],
            "revenue": pd.array([30, 10, 5, None], dtype="Float64"),
            "profit": pd.array([4, 6, None, None], dtype="Float64"),
        }
    )
    curve = answered(
        "{{ whale_curve('accounts', ['grp'], 'account_id', 'profit') }} order by profit_rank",
        accounts=accounts,
    )
    assert curve[["account_id", "accounts_count", "cumulative_profit_share"]].values.tolist() == [
        ["b", 2, 0.6],
        ["a", 2, 1.0],
    ]
    shares = answered("{{ concentration('accounts', ['grp'], 'revenue') }}", accounts=accounts)
    assert shares[["grp", "accounts_count", "top_20_share"]].values.tolist() == [[1, 3, 30 / 45]]
    pairs = answered(
        "{{ rank_correlation('accounts', ['grp'], 'revenue', 'profit') }}", accounts=accounts
    )
    assert pairs[["grp", "pairs_count", "rank_correlation"]].values.tolist() == [[1, 2, -1.0]]


def test_five_customers_peak_at_103_7_percent(answered: Answer):
    """Spring Distribution, a textbook case: operating income of its customers P to T."""
    accounts = pd.DataFrame(
        {
            "grp": 1,
            "account_id": list("PQRST"),
            "profit": [2_012.0, 11_545.0, 38_720.0, 41_856.0, -3_346.0],
        }
    )
    curve = answered(
        "{{ whale_curve('accounts', ['grp'], 'account_id', 'profit') }} order by profit_rank",
        accounts=accounts,
    )
    assert list(curve.account_id) == ["S", "R", "Q", "P", "T"]
    assert curve.cumulative_profit_amount.max() == 94_133
    assert set(curve.total_profit_amount) == {90_787}
    assert curve.cumulative_profit_share.round(3).tolist() == [0.461, 0.888, 1.015, 1.037, 1.0]


def test_a_company_of_264_customers_peaks_at_654_percent(answered: Answer):
    """Of EBIT 107 k, 30 customers make 513 %, 121 add 141 %, 113 take 554 %, 26 of them 499 %."""
    groups = [(30, 513), (121, 141), (87, -55), (26, -499)]
    profits = [percent * 1_070 / count for count, percent in groups for _ in range(count)]
    accounts = pd.DataFrame({"grp": 1, "account_id": range(264), "profit": profits})
    curve = answered(
        "{{ whale_curve('accounts', ['grp'], 'account_id', 'profit') }} order by profit_rank",
        accounts=accounts,
    )
    found = [curve.cumulative_profit_share[rank - 1] for rank in (30, 151, 238, 264)]
    assert found == pytest.approx([5.13, 6.54, 5.99, 1.0], abs=1e-4)
    assert curve.cumulative_profit_share.max() == found[1]


def test_of_1000_customers_40_bring_64_of_100_million(answered: Answer):
    """80:20 within 80:20: 20 % bring 80 %, and the first fifth of these 80 % of that."""
    revenue = [1_600_000.0] * 40 + [100_000.0] * 160 + [25_000.0] * 800
    accounts = pd.DataFrame({"grp": 1, "revenue": revenue})
    found = answered("{{ concentration('accounts', ['grp'], 'revenue') }}", accounts=accounts)
    assert found.total_amount[0] == 100_000_000
    assert found.total_amount[0] * found.top_4_share[0] == 64_000_000
    assert found.top_20_share[0] == 0.80
