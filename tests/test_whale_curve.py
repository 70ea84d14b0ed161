"""Whale curve and concentration of the release: the planted truth, and a recount in pandas."""

import json
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, spearmanr

PERIODS = {
    "2024": "FY2024",
    "2025": "FY2025",
    "2024-07/2025-06": "T12M_BEFORE",
    "2025-07/2026-06": "T12M",
}
AMOUNTS = {
    "revenue_amount": "revenue",
    "gross_profit_amount": "gross_profit",
    "cost_to_serve_amount": "cost_to_serve",
    "profit_amount": "net_profit",
    "cumulative_profit_amount": "cumulative_profit",
}


def query(release: Path, sql: str) -> list[dict]:
    """Rows of a query on the release's tables, which it names as folder/marts/table.parquet."""
    with duckdb.connect() as con:
        table = con.sql(sql.replace("marts/", f"{release}/marts/")).to_arrow_table()
        return table.to_pylist()


@pytest.fixture(scope="module")
def concentration(demo_release: Path) -> dict[str, dict]:
    rows = query(demo_release, "from 'marts/rpt_concentration.parquet'")
    return {row["period_code"]: row for row in rows}


@pytest.fixture(scope="module")
def sums(demo_release: Path, concentration: dict[str, dict]) -> dict[str, pd.DataFrame]:
    """Of each period: revenue and net profit of each account, most profitable first, in cents."""
    rows = query(demo_release, "from 'marts/rpt_account_profitability.parquet'")
    months = pd.DataFrame(rows)
    found = {}
    for code, period in concentration.items():
        within = months[
            (months.month >= period["period_start"]) & (months.month <= period["period_end"])
        ]
        assert within.is_supplied.all()
        accounts = within.groupby("account_id")[["revenue_amount", "net_profit_amount"]].sum()
        cents = (accounts * 100).astype(int).rename(columns=lambda name: name.split("_")[0])
        found[code] = cents.reset_index().sort_values(
            ["net", "account_id"], ascending=[False, True], ignore_index=True
        )
    return found


@pytest.mark.parametrize(("planted", "code"), PERIODS.items())
def test_the_curve_is_the_planted_one_to_the_cent(
    planted: str, code: str, tenant: Path, demo_release: Path, concentration: dict[str, dict]
):
    periods = json.loads((tenant / "truth.json").read_text())["money"]["periods"]
    true = next(period for period in periods if period["period"] == planted)
    curve = query(
        demo_release,
        f"from 'marts/rpt_whale_curve.parquet' where period_code = '{code}' order by profit_rank",
    )
    assert len(curve) == len(true["curve"]) == true["accounts_count"]
    for ours, theirs in zip(curve, true["curve"], strict=True):
        assert (ours["profit_rank"], ours["account_id"]) == (theirs["rank"], theirs["account_id"])
        for name, planted_name in AMOUNTS.items():
            assert ours[name] == Decimal(theirs[planted_name]), (ours["account_id"], name)
    found = concentration[code]
    assert found["is_complete"]
    assert found["is_supplied"]
    assert found["held_accounts_count"] == 0
    for name, planted_name in {
        "total_revenue_amount": "revenue",
        "total_profit_amount": "profit",
        "peak_profit_amount": "peak_profit",
        "erosion_amount": "erosion",
    }.items():
        assert found[name] == Decimal(true[planted_name]), name
    assert found["accounts_count"] == true["accounts_count"]
    assert found["peak_rank"] == true["peak_rank"]
    assert found["unprofitable_accounts_count"] == true["unprofitable_accounts_count"]
    assert found["peak_profit_share"] == pytest.approx(true["peak_profit_share"], abs=1e-8)


def test_the_periods_are_fiscal_years_and_the_last_closed_twelve_months_twice(
    concentration: dict[str, dict],
):
    found = {
        code: (str(row["period_start"]), str(row["period_end"]), row["is_complete"])
        for code, row in concentration.items()
    }
    assert found == {
        "FY2023": ("2023-01-01", "2023-12-31", False),
        "FY2024": ("2024-01-01", "2024-12-31", True),
        "FY2025": ("2025-01-01", "2025-12-31", True),
        "FY2026": ("2026-01-01", "2026-12-31", False),
        "T12M": ("2025-07-01", "2026-06-30", True),
        "T12M_BEFORE": ("2024-07-01", "2025-06-30", True),
    }


def gini(values: np.ndarray) -> float:
    """Half the relative mean absolute difference, of all pairs."""
    return np.abs(values[:, None] - values).sum() / (2 * len(values) * values.sum())


def spearman(x: pd.Series, y: pd.Series) -> tuple[float, float, float]:
    """The rank correlation and its 95 % interval."""
    found = spearmanr(x, y).statistic
    margin = norm.isf(0.025) * np.sqrt(1.06 / (len(x) - 3))
    return found, np.tanh(np.arctanh(found) - margin), np.tanh(np.arctanh(found) + margin)


def highest(profits: pd.Series) -> tuple[int, float]:
    """The peak of the curve that starts at 0, in cents and as a share of its end."""
    curve = np.cumsum(np.append(0, np.sort(profits)[::-1]))
    return curve.max(), curve.max() / curve[-1]


def test_concentration_is_that_of_the_accounts_profit_and_loss(
    concentration: dict[str, dict], sums: dict[str, pd.DataFrame]
):
    for code, found in concentration.items():
        accounts = sums[code]
        n, revenue, profit = len(accounts), accounts.revenue, accounts.net
        descending = np.sort(revenue)[::-1]
        best = profit.cumsum()
        largest = revenue.idxmax()
        others = profit.drop(largest)
        top_80 = int((np.cumsum(descending) < 0.8 * revenue.sum()).sum()) + 1
        large = accounts.loc[revenue.nlargest(-(-n // 10)).index]
        rank_correlation = spearman(revenue, profit)
        expected = {
            "accounts_count": n,
            "total_revenue_amount": revenue.sum() / 100,
            "total_profit_amount": profit.sum() / 100,
            "peak_profit_amount": best.max() / 100,
            "peak_profit_share": best.max() / profit.sum(),
            "peak_rank": best.idxmax() + 1,
            "peak_account_share": (best.idxmax() + 1) / n,
            "erosion_amount": (best.max() - profit.sum()) / 100,
            "erosion_share": best.max() / profit.sum() - 1,
            "earning_accounts_count": (best >= profit.sum()).idxmax() + 1,
            "peak_without_largest_amount": highest(others)[0] / 100,
            "peak_without_largest_share": highest(others)[1],
            "unprofitable_accounts_count": (profit < 0).sum(),
            "top_20_revenue_share": descending[: -(-n // 5)].sum() / revenue.sum(),
            "top_4_revenue_share": descending[: -(-n // 25)].sum() / revenue.sum(),
            "revenue_80_accounts_count": top_80,
            "revenue_80_account_share": top_80 / n,
            "top_20_profit_share": profit[: -(-n // 5)].sum() / profit.sum(),
            "gini_revenue": gini(revenue.to_numpy()),
            "gini_positive_profit": gini(profit[profit > 0].to_numpy()),
            "revenue_profit_rank_correlation": rank_correlation[0],
            "rank_correlation_ci_low": rank_correlation[1],
            "rank_correlation_ci_high": rank_correlation[2],
            "large_at_top_count": (large.index < -(-n // 5)).sum(),
            "large_at_bottom_count": (large.index >= n - -(-n // 5)).sum(),
        }
        assert found["largest_account_id"] == accounts.account_id[largest]
        actual = {name: float(found[name]) for name in expected}
        assert actual == pytest.approx(expected, abs=1e-9), code


def test_new_accounts_are_those_of_less_than_twelve_months(
    demo_release: Path, concentration: dict[str, dict], sums: dict[str, pd.DataFrame]
):
    rows = query(
        demo_release,
        "select account_id, customer_since from 'marts/dim_accounts.parquet' where is_current",
    )
    since = {row["account_id"]: pd.Timestamp(row["customer_since"]) for row in rows}
    some = 0
    for code, found in concentration.items():
        year_start = pd.Timestamp(found["counted_until_date"]) - pd.DateOffset(years=1, days=-1)
        is_new = sums[code].account_id.map(since) > year_start
        new, established = sums[code].net[is_new], sums[code].net[~is_new]
        some += is_new.any() and not is_new.all()
        assert found["new_accounts_count"] == is_new.sum()
        assert int(found["new_accounts_profit_amount"] * 100) == new.sum()
        if is_new.all():
            assert found["peak_established_amount"] is None
            continue
        assert int(found["peak_established_amount"] * 100) == highest(established)[0]
        assert found["peak_established_share"] == pytest.approx(highest(established)[1])
    assert some >= 2


def test_places_are_compared_with_those_of_the_year_before(
    concentration: dict[str, dict], sums: dict[str, pd.DataFrame]
):
    compared = {"FY2025": "FY2024", "T12M": "T12M_BEFORE"}
    for code, found in concentration.items():
        if code not in compared:
            assert found["profit_persistence"] is None
            continue
        pairs = sums[code].merge(sums[compared[code]], on="account_id", suffixes=("", "_before"))
        assert found["persistence_accounts_count"] == len(pairs)
        names = ["", "_ci_low", "_ci_high"]
        assert [found[f"profit_persistence{name}"] for name in names] == pytest.approx(
            spearman(pairs.net, pairs.net_before), abs=1e-9
        )
