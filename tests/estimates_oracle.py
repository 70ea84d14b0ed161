"""What the trials of an account say, by pandas and statsmodels; trials: `outcomes_oracle.py`."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.stats import chi2

OUTCOMES = {
    "retained_12m_voluntary": "is_retained_voluntary",
    "retained_12m_total": "is_retained_total",
    "promoted_12m": "is_promoted",
    "moved_12m": "is_moved",
    "internal_mobility_12m": "is_mobile",
    "filled_12m": "is_filled",
    "absence_hours_12m": "absence_hours",
}
BEFORE = {
    "promoted_12m": "is_promoted_before",
    "moved_12m": "is_moved_before",
    "internal_mobility_12m": "is_mobile_before",
    "absence_hours_12m": "absence_hours_before",
}


def estimated(rows: pd.DataFrame, outcome: str, weight: str | None) -> SimpleNamespace:
    """The difference of the weighted means, clustered by worker: weighted least squares."""
    y = rows[outcome].astype(float)
    w = rows[weight] if weight else pd.Series(1.0, index=rows.index)
    use = y.notna() & w.notna()
    y, w, rows = y[use], w[use], rows[use]
    is_treated = (rows.arm == "treated").astype(float)
    fit = sm.WLS(y, sm.add_constant(is_treated.to_numpy()), weights=w).fit(
        cov_type="cluster", cov_kwds={"groups": rows.worker_id.to_numpy()}
    )
    low, high = fit.conf_int().to_numpy()[1]
    return SimpleNamespace(
        difference=fit.params.iloc[1], error=fit.bse.iloc[1], low=low, high=high,
        p=fit.pvalues.iloc[1], comparison=fit.params.iloc[0],
        treated=fit.params.iloc[0] + fit.params.iloc[1],
    )  # fmt: skip


def crude(rows: pd.DataFrame, outcome: str) -> float:
    """The difference of the plain means of the two arms."""
    means = rows[outcome].astype(float).groupby(rows.arm).mean()
    return means["treated"] - means["comparison"]


def standardized(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The difference of two means, given with their variances, in standard deviations."""
    spread = np.sqrt((one[1] + other[1]) / 2)
    return (one[0] - other[0]) / spread if spread else 0.0


def spread_of(values: pd.Series, weight: pd.Series) -> tuple[float, float]:
    """Weighted mean and variance of a number (Austin 2009): with equal weights that with n - 1."""
    known = values.notna() & weight.notna()
    x, w = values[known].astype(float), weight[known]
    mean = np.average(x, weights=w)
    total = w.sum()
    return mean, total / (total**2 - (w**2).sum()) * (w * (x - mean) ** 2).sum()


def share_of(values: pd.Series, weight: pd.Series) -> tuple[float, float]:
    """Weighted share of those for whom something holds, and its variance."""
    share = np.average(values[weight.notna()].astype(float), weights=weight.dropna())
    return share, share * (1 - share)


def balance(rows: pd.DataFrame, values: pd.Series, weight: str, of=share_of) -> dict[str, float]:
    """A covariate in both arms, before weighting and after."""
    treated = rows.arm == "treated"
    plain = pd.Series(1.0, index=rows.index)
    first, second = (of(values[arm], plain[arm]) for arm in (treated, ~treated))
    third, fourth = (of(values[arm], rows[weight][arm]) for arm in (treated, ~treated))
    return {
        "treated_value": first[0], "comparison_before": second[0], "comparison_after": fourth[0],
        "difference_before": standardized(first, second),
        "difference_after": standardized(third, fourth),
    }  # fmt: skip


def ratio(rate: float, other: float) -> float:
    """The ratio of two rates, of the rarer side."""
    return rate / other if other <= 0.5 else (1 - rate) / (1 - other)


def e_value(of: float) -> float:
    """VanderWeele and Ding 2017."""
    of = max(of, 1 / of)
    return of + np.sqrt(of * (of - 1))


def e_values(rows: pd.DataFrame, outcome: str, found: SimpleNamespace) -> tuple[float, ...]:
    """The ratio, its E-value, and that of the end of the interval that is nearer to 1."""
    ends = [found.treated, found.comparison + found.low, found.comparison + found.high]
    if outcome == "absence_hours":
        hours = rows[outcome].dropna().astype(float)
        arm = rows.arm[hours.index]
        spread = np.sqrt(hours.groupby(arm).var().mean())
        ratios = [np.exp(0.91 * (end - found.comparison) / spread) for end in ends]
    else:
        ratios = [ratio(end, found.comparison) for end in ends]
    low, high = sorted(ratios[1:])
    limit = 1.0 if low <= 1 <= high else e_value(low if low > 1 else high)
    return ratios[0], e_value(ratios[0]), limit


def heterogeneity(found: pd.DataFrame) -> tuple[float, int, float]:
    """Cochran's Q of the differences of subgroups, its degrees of freedom and its p."""
    weight = 1 / found.standard_error**2
    pooled = np.average(found.adjusted_difference, weights=weight)
    q = (weight * (found.adjusted_difference - pooled) ** 2).sum()
    return q, len(found) - 1, chi2.sf(q, len(found) - 1)


def naive(months: pd.DataFrame, outcome: str) -> float:
    """Who ever enrolled against who never did, of all who were eligible once, whenever."""
    workers = months.groupby("worker_id")
    ever = workers[["is_eligible", "is_enrolled_ever", "is_terminated", "is_terminated_voluntary"]]
    ever = ever.any()
    promoted, moved = (workers[name].max() for name in ("is_promoted", "is_lateral_move"))
    mobile = pd.concat([promoted, moved], axis=1).max(axis=1)  # not known where neither is
    stayed = 1 - ever.is_terminated_voluntary.astype(float)
    size = pd.Series(1.0, index=ever.index)
    if outcome == "absence_hours_12m":
        size = workers.absence_hours.count() / 12
    value = {
        "retained_12m_voluntary": stayed,
        "retained_12m_total": 1 - ever.is_terminated.astype(float),
        "promoted_12m": promoted,
        "moved_12m": moved,
        "internal_mobility_12m": mobile,
        "filled_12m": mobile * stayed,
        "absence_hours_12m": workers.absence_hours.sum(),
    }[outcome]
    use = ever.is_eligible & (size > 0) & value.notna()
    sums = [
        value[use & arm].sum() / size[use & arm].sum()
        for arm in (ever.is_enrolled_ever, ~ever.is_enrolled_ever)
    ]
    return sums[0] - sums[1]
