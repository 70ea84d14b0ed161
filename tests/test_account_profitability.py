"""The demo tenant's profit, capacity and reconciliation are the planted ones, to the cent."""

import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

AMOUNTS = ("revenue", "pass_through", "direct_cost", "gross_profit", "cost_to_serve",
           "sustaining_cost", "net_profit")  # fmt: skip


@pytest.fixture(scope="module")
def planted(tenant: Path) -> dict:
    """What truth.json says of money."""
    return json.loads((tenant / "truth.json").read_text())["money"]


def _rows(release: Path, sql: str) -> list[dict]:
    """The rows that a query finds in the release's tables, named `{table}`."""
    tables = {path.stem: f"'{path}'" for path in (release / "marts").glob("*.parquet")}
    found = duckdb.sql(sql.format(**tables))
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def test_every_account_month_has_the_planted_profit(demo_release, planted):
    found = {
        (row["account_id"], row["month"]): [row[f"{name}_amount"] for name in AMOUNTS]
        for row in _rows(
            demo_release,
            "select * replace (strftime(month, '%Y-%m') as month) from {rpt_account_profitability}",
        )
    }
    true = {
        (row["account_id"], row["month"]): [Decimal(row[name]) for name in AMOUNTS]
        for row in planted["account_months"]
    }
    assert len(true) > 1000
    assert found == true


def test_every_function_month_has_the_planted_capacity(demo_release, planted):
    found = {
        (row["function_code"], row["month"]): row
        for row in _rows(
            demo_release, "select * replace (strftime(month, '%Y-%m') as month) from {rpt_capacity}"
        )
    }
    true = {(row["function_code"], row["month"]): row for row in planted["function_months"]}
    assert len(true) == 8 * 36
    assert found.keys() == true.keys()
    for key, said in true.items():
        row = found[key]
        for name in ("practical_minutes", "used_minutes", "unused_minutes"):
            assert row[name] == said[name], (key, name)
        assert row["cost_amount"] == Decimal(said["cost"])
        assert row["internal_amount"] == Decimal(said["internal"])
        assert row["assigned_amount"] - row["internal_amount"] == Decimal(said["assigned"])
        assert row["unused_cost_amount"] == Decimal(said["unused_cost"])
        assert abs(row["rate_per_minute"] - float(said["rate_per_minute"])) < 1e-12
        assert row["is_overloaded"] == (said["unused_minutes"] < 0)


def test_the_planted_overload_is_found_and_not_clipped(demo_release, planted):
    found = {
        (row["function_code"], row["month"]): row["utilization_rate"]
        for row in _rows(
            demo_release,
            "select * replace (strftime(month, '%Y-%m') as month) from {rpt_capacity}"
            " where is_overloaded and unused_cost_amount < 0 and unused_minutes < 0",
        )
    }
    for code, first, last, factor in planted["parameters"]["overloaded"]:
        months = [month for function, month in found if function == code and first <= month <= last]
        assert len(months) == int(last[-2:]) - int(first[-2:]) + 1
        assert all(abs(found[code, month] - factor) < 0.01 for month in months)


def test_every_month_reconciles_as_planted(demo_release, planted):
    parts = ("ledger", "assigned", "internal", "unused", "sustaining", "unallocated")
    found = {
        row["month"]: ([row[f"{name}_amount"] for name in parts], row["difference_amount"])
        for row in _rows(
            demo_release,
            "select * replace (strftime(month, '%Y-%m') as month) from {rpt_cost_reconciliation}",
        )
    }
    true = {
        row["month"]: ([Decimal(row[name]) for name in parts], Decimal(0))
        for row in planted["reconciliation"]
    }
    assert len(true) == 36
    assert found == true


def test_the_last_twelve_months_use_the_ledger_as_planted(demo_release, planted):
    found = {
        (row["period_no"], row["part"]): (row["amount"], row["prior_amount"])
        for row in _rows(demo_release, "from {rpt_ledger_use} where function_code = 'all'")
    }
    months = sorted(planted["reconciliation"], key=lambda row: row["month"], reverse=True)
    years = [
        {name: sum(Decimal(row[name]) for row in months[at : at + 12]) for name in months[0]
         if name != "month"}
        for at in (0, 12, 24)
    ]  # fmt: skip
    for number in range(len(years)):
        for part in ("accounts", "internal", "unused", "sustaining", "unallocated"):
            of = [
                one["assigned"] - one["internal"] if part == "accounts" else one[part]
                for one in years[number : number + 2]
            ]
            assert found[number, part] == (of[0], of[1] if len(of) > 1 else None)


def test_an_account_s_lines_add_up_to_its_profit(demo_release):
    assert _rows(
        demo_release,
        """
        select account_id, month, sum(case line_group when 'revenue' then amount
            when 'pass_through' then 0 when 'pass_through_cost' then 0 else -amount end) as added,
            any_value(net_profit_amount) as said
        from {fct_profit_lines} join {rpt_account_profitability} using (account_id, month)
        group by all having added is distinct from said
        """,
    ) == []  # fmt: skip
