"""The macros of the workforce outcomes against statsmodels, scipy, numpy and published numbers."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import chi2, norm

Answer = Callable[..., pd.DataFrame]

WEIGHTED = (
    "{{ weighted_difference('trials', ['account_id', 'outcome_code'], 'outcome', 'arm', 'weight',"
    " ['account_id', 'worker_id']) }} order by account_id, outcome_code"
)


def trials(seed: int, groups: int = 60) -> pd.DataFrame:
    """Workers in several rows and both arms, shares and hours, with gaps in outcome and weight."""
    draw, frames = np.random.default_rng(seed), []
    for group in range(groups):
        rows = int(draw.choice([8, 30, 200, 1500]))
        workers = draw.integers(0, max(2, rows // 3), rows)
        habit = draw.normal(0, 1, rows)[workers]
        is_share = group % 2 == 0
        outcome = habit + draw.normal(0, 1, rows) > 0.5 if is_share else 20 + 8 * habit
        frames.append(
            pd.DataFrame(
                {
                    "account_id": f"a{group % 7}",
                    "outcome_code": f"o{group:02}",
                    "worker_id": [f"w{worker}" for worker in workers],
                    "arm": np.where(draw.uniform(size=rows) < 0.3, "treated", "comparison"),
                    "outcome": np.where(draw.uniform(size=rows) < 0.05, np.nan, outcome),
                    "weight": draw.choice([1, 0.25, 1 / 3, 7, 0, np.nan], rows),
                }
            )
        )
    table = pd.concat(frames, ignore_index=True)
    return table.astype({"outcome": "Float64", "weight": "Float64"})


def test_the_difference_is_weighted_least_squares_with_clustered_errors(answered: Answer):
    """All numbers as statsmodels has them; what lacks an outcome or a weight is left out."""
    table = trials(11)
    found = answered(WEIGHTED, trials=table)
    known = table.dropna(subset=["outcome", "weight"])
    assert len(known) < 0.85 * len(table)
    for row in found.itertuples():
        rows = known[
            (known.account_id == row.account_id) & (known.outcome_code == row.outcome_code)
        ]
        treated = (rows.arm == "treated").to_numpy().astype(float)
        model = sm.WLS(
            rows.outcome.to_numpy(float), sm.add_constant(treated), rows.weight.to_numpy(float)
        )
        clusters = pd.factorize(rows.worker_id)[0]
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": clusters})
        assert row.treated_count == treated.sum()
        assert row.comparison_count == len(rows) - treated.sum()
        assert row.treated_cluster_count == rows[rows.arm == "treated"].worker_id.nunique()
        assert row.comparison_cluster_count == rows[rows.arm != "treated"].worker_id.nunique()
        arms = rows.weight.astype(float).groupby(treated).sum()
        if len(arms) < 2 or not arms.all():
            assert pd.isna(row.difference)
            continue
        means = [row.treated_mean, row.comparison_mean, row.difference]
        expected = [fit.params.sum(), fit.params[0], fit.params[1]]
        assert means == pytest.approx(expected, rel=1e-9, abs=1e-9)
        spread = [row.standard_error, row.ci_low, row.ci_high, row.p_value]
        if fit.bse[1] < 1e-9:  # nothing varies: undefined, not certain
            assert pd.isna(spread).all()
        else:
            expected = [fit.bse[1], *fit.conf_int()[1], fit.pvalues[1]]
            assert spread == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert len(found) == 60
    assert found.standard_error.notna().sum() > 50


def test_sums_give_the_same_difference_as_rows(answered: Answer):
    table = trials(12)
    sums = table.dropna(subset=["outcome", "weight"]).copy()
    sums["outcome_sum"] = sums.weight * sums.outcome
    keys = ["account_id", "outcome_code", "worker_id", "arm"]
    sums = sums.groupby(keys, as_index=False).agg(
        rows_count=("weight", "size"),
        weight_sum=("weight", "sum"),
        outcome_sum=("outcome_sum", "sum"),
    )
    query = (
        "{{ weighted_difference_of_sums('sums', ['account_id', 'outcome_code'], 'arm',"
        " ['account_id', 'worker_id']) }} order by account_id, outcome_code"
    )
    from_rows, from_sums = answered(WEIGHTED, trials=table), answered(query, sums=sums)
    pd.testing.assert_frame_equal(from_rows, from_sums, rtol=1e-10, atol=1e-12)


def test_what_is_not_defined_has_no_interval(answered: Answer):
    """By hand: one arm; weights of 0 only; one worker; nothing that varies; two rows."""
    rows = [
        *[("one_arm", f"w{i}", "treated", i % 2, 1) for i in range(6)],
        *[("no_weight", f"w{i}", ("treated", "comparison")[i % 2], i, i % 2) for i in range(6)],
        *[("one_worker", "w", ("treated", "comparison")[i % 2], i, 1) for i in range(6)],
        *[("all_alike", f"w{i}", ("treated", "comparison")[i % 2], i % 2, 1) for i in range(6)],
        *[("two_rows", f"w{i}", ("treated", "comparison")[i % 2], i, 1) for i in range(2)],
        *[("none_known", f"w{i}", "treated", None, 1) for i in range(2)],
    ]
    columns = ["outcome_code", "worker_id", "arm", "outcome", "weight"]
    table = (
        pd.DataFrame(rows, columns=columns).assign(account_id="a").astype({"outcome": "Float64"})
    )
    found = answered(WEIGHTED, trials=table).set_index("outcome_code")
    assert set(found.index) == {"one_arm", "no_weight", "one_worker", "all_alike", "two_rows"}
    assert found[["standard_error", "ci_low", "ci_high", "p_value"]].isna().all().all()
    assert found.difference.isna().to_dict() == {
        "one_arm": True, "no_weight": True,
        "one_worker": False, "all_alike": False, "two_rows": False,
    }  # fmt: skip
    assert found.loc["one_arm", "treated_mean"] == 0.5
    assert found.loc["all_alike", "difference"] == -1


def test_e_values_are_those_that_were_published(answered: Answer):
    """VanderWeele and Ding 2017: ratio 3.9 (1.8 to 8.7) has 7.26 and 3.0; its inverse the same."""
    ratios = pd.DataFrame(
        {
            "ratio": [3.9, 1 / 3.9, 1.0, 1.5, 0.0, None],
            "low": [1.8, 1 / 8.7, 0.8, 0.9, 0.0, None],
            "high": [8.7, 1 / 1.8, 1.2, 2.4, 0.5, None],
        }
    )
    query = (
        "select *, {{ e_value('ratio') }} as strength, {{ e_value_limit('low', 'high') }} as least"
        " from ratios order by ratio desc nulls last"
    )
    found = answered(query, ratios=ratios).set_index("ratio")
    assert found.strength[3.9] == pytest.approx(7.26, abs=0.005)
    assert found.strength[1 / 3.9] == pytest.approx(found.strength[3.9], rel=1e-12)
    assert found.least[3.9] == pytest.approx(3.0, abs=1e-12)
    assert found.least[1 / 3.9] == pytest.approx(3.0, rel=1e-12)
    assert (found.strength[1.0], found.least[1.0], found.least[1.5]) == (1, 1, 1)
    assert pd.isna(found.strength[0.0])
    assert found.least[0.0] == pytest.approx(2 + np.sqrt(2), rel=1e-12)
    assert found.iloc[-1].isna().all()


def test_a_ratio_is_taken_on_the_rarer_side_and_of_means_by_chinn(answered: Answer):
    query = (
        "select {{ rarer_ratio('p1', 'p0') }} as ratio, {{ ratio_of_means('p1') }} as of_means"
        " from rates order by p1"
    )
    rates = pd.DataFrame({"p1": [0.1, 0.5, 0.9], "p0": [0.2, 0.0, 0.8]})
    found = answered(query, rates=rates)
    assert found.ratio[0] == pytest.approx(0.5)
    assert pd.isna(found.ratio[1])
    assert found.ratio[2] == pytest.approx(0.5)
    assert found.of_means[1] == pytest.approx(1.576, abs=0.0005)


def test_the_chi_square_distribution_is_scipys_for_odd_and_even_degrees(answered: Answer):
    draw = np.random.default_rng(13)
    degrees = np.concatenate([draw.integers(1, 13, 5000), draw.integers(13, 61, 1000)])
    x = np.concatenate([draw.chisquare(degrees), draw.uniform(0, 600, 6000)])
    cases = pd.DataFrame({"x": x, "df": np.tile(degrees, 2)})
    query = "select x, df, {{ chi_square_p('x', 'df') }} as p from cases"
    found = answered(query, cases=cases)
    assert found.p.to_numpy() == pytest.approx(chi2.sf(found.x, found.df), rel=1e-9, abs=1e-300)
    assert set(found.df) == set(range(1, 61))
    published = pd.DataFrame({"x": [12.60041], "df": [3]})  # smokers in four groups, R's prop.test
    assert answered(query, cases=published).p[0] == pytest.approx(0.005585, abs=5e-7)
    edges = pd.DataFrame({"x": [0.0, -1.0, 5.0, 5.0, None, 1e9], "df": [4, 3, 0, 61, 2, 2]})
    found = answered(query, cases=edges).p.tolist()
    assert found[:2] == [1, 1]
    assert pd.isna(found[2:5]).all()
    assert found[5] == pytest.approx(0, abs=1e-300)


def test_a_standardized_difference_is_in_standard_deviations(answered: Answer):
    """Austin 2009: with weights by the weighted variance; equal weights are as none."""
    draw = np.random.default_rng(14)
    rows = pd.DataFrame(
        {
            "pair": draw.integers(0, 40, 4000),
            "value": draw.normal(40, 12, 4000).round(3),
            "weight": draw.choice([1, 0.2, 1 / 7, 3], 4000),
            "arm": draw.integers(0, 2, 4000),
        }
    )
    query = """
        with sums as (
            select
                pair, arm, sum(weight) as w, sum(weight * weight) as ww,
                sum(weight * value) as wx, sum(weight * value * value) as wxx
            from measured group by pair, arm
        ),
        described as (
            select *, wx / w as mean, {{ weighted_variance('w', 'ww', 'wx', 'wxx') }} as variance
            from sums
        ),
        paired as (
            select
                pair,
                max(case when arm = 1 then mean end) as m1,
                max(case when arm = 0 then mean end) as m0,
                max(case when arm = 1 then variance end) as v1,
                max(case when arm = 0 then variance end) as v0
            from described group by pair
        )
        select *, {{ standardized_difference('m1', 'm0', 'v1', 'v0') }} as difference
        from paired order by pair
    """

    def expected(part: pd.DataFrame) -> float:
        means, variances = [], []
        for arm in (1, 0):
            side = part[part.arm == arm]
            mean = np.average(side.value, weights=side.weight)
            means.append(mean)
            total, squares = side.weight.sum(), (side.weight**2).sum()
            spread = (side.weight * (side.value - mean) ** 2).sum()
            variances.append(total / (total**2 - squares) * spread)
        return (means[0] - means[1]) / np.sqrt(np.mean(variances))

    found = answered(query, measured=rows)
    known = [expected(part) for _, part in rows.groupby("pair")]
    assert found.difference.to_numpy() == pytest.approx(known, rel=1e-9, abs=1e-12)
    plain = rows.assign(weight=2.0)
    found = answered(query, measured=plain)
    variance = plain[plain.arm == 1].groupby("pair").value.var(ddof=1)
    assert found.v1.to_numpy() * 1.0 == pytest.approx(variance.to_numpy(), rel=1e-9)
    constant = pd.DataFrame(
        {
            "m1": [1.0, 1.0, None],
            "m0": [1.0, 2.0, 1.0],
            "v1": [0.0, 0.0, 1.0],
            "v0": [0.0, 0.0, 1.0],
        }
    )
    found = answered(
        "select {{ standardized_difference('m1', 'm0', 'v1', 'v0') }} as d from constant",
        constant=constant,
    )
    assert found.d[0] == 0
    assert found.d[1:].isna().all()


def test_the_minimum_wage_raised_employment_by_2_75_in_new_jersey(answered: Answer):
    """Card and Krueger 1994, from the means of all stores."""
    means = pd.DataFrame(
        {"b1": [20.439408099688475], "a1": [21.02742946708464],
         "b0": [23.33116883116883], "a0": [21.165584415584416]}
    )  # fmt: skip
    query = "select {{ difference_in_differences('b1', 'a1', 'b0', 'a0') }} as d from means"
    assert answered(query, means=means).d[0] == pytest.approx(2.7536, abs=5e-5)


def test_a_p_value_is_that_of_the_normal_distribution(answered: Answer):
    """By hand: 4 workers a side, all once; the variance is 8/7 * 7/6 of the sum of squares."""
    rows = pd.DataFrame(
        {
            "account_id": "a", "outcome_code": "o", "weight": 1.0,
            "worker_id": list("abcdefgh"), "arm": ["treated"] * 4 + ["comparison"] * 4,
            "outcome": [1, 1, 1, 0, 1, 0, 0, 0],
        }
    )  # fmt: skip
    found = answered(WEIGHTED, trials=rows).iloc[0]
    error = np.sqrt(2 * 0.75 / 16 * 8 / 7 * 7 / 6)
    assert (found.difference, found.standard_error) == pytest.approx((0.5, error))
    assert found.p_value == pytest.approx(2 * norm.sf(0.5 / error))
