"""What holds of costs whatever lands: a thousand random months, and what moves with one row."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import settings_in
from costing_oracle import Oracle, month_of
from costing_tenant import (
    COSTS,
    OPERATIONS,
    PROFITABILITY,
    Tables,
    ask,
    build,
    by,
    changes,
    copied,
    failures,
    land_rows,
    land_shuffled,
    marts,
    merged,
)
from random_ledgers import MONTHS, random_ledgers
from work_oracle import NOBODY, UNKNOWN

from orchestration.dbt_project import NO_UNIT_TESTS
from orchestration.settings import Settings

SEED = 20_260_630
# Work on the day before a new version of its time equation, see the last test.
EARLY = {"work_item_id": "early", "activity_code": "engineering_short", "account_id": "a-early",
         "quantity": 1, "opened_at": "1980-05-01T00:00:00Z",
         "closed_at": "1980-05-09T23:59:59Z"}  # fmt: skip
# An invoice after the last month, so that this one is over.
AFTER = {"invoice_id": "after", "line_no": 1, "account_id": "a1", "invoiced_on": "2013-06-01",
         "revenue_type": "program_fee", "amount": 1, "currency": "USD"}  # fmt: skip
SCHEMA = "account_profitability"


@dataclass(frozen=True)
class Ledgers:
    """The random months as they landed, as they were built, and what they must come to."""

    tables: Tables
    settings: Settings
    oracle: Oracle

    def rows(self, table: str, *key: str) -> dict:
        return by(ask(self.settings, f"from {SCHEMA}.{table}"), *key)


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> Ledgers:
    tables = merged([random_ledgers(SEED), {"work_item": [EARLY], "invoice_line": [AFTER]}])
    settings = settings_in(tmp_path_factory.mktemp("ledgers"))
    land_rows(settings.landing_dir, tables)
    build(settings, [PROFITABILITY, OPERATIONS])
    return Ledgers(tables, settings, Oracle(tables))


def gone_on(ledgers: Ledgers, folder: Path, more: Tables) -> Ledgers:
    """The same tenant after some more rows have landed."""
    settings = copied(ledgers.settings, folder)
    land_rows(settings.landing_dir, more, "more")
    build(settings, COSTS)
    tables = merged([ledgers.tables, more])
    return Ledgers(tables, settings, Oracle(tables))


def assert_months_are_the_oracles(ledgers: Ledgers) -> None:
    found = ledgers.rows("rpt_cost_reconciliation", "month")
    assert set(found) == set(ledgers.oracle.ledger)
    for month, row in found.items():
        expected = ledgers.oracle.reconciliation(month)
        if expected is None:
            assert (row["is_supplied"], row["difference_amount"]) == (False, None)
        else:
            assert {name: row[name] for name in expected} == expected, month


def assert_lines_are_the_oracles(ledgers: Ledgers) -> None:
    found = ledgers.rows("fct_activity_costs", "account_id", "activity_code", "month")
    oracle = ledgers.oracle
    assert len(found) == len(oracle.costs) > 2_000
    for key, cost in oracle.costs.items():
        account, code, function, month = key
        row = found[account, code, month]
        assert row["function_code"] == function
        assert (row["quantity"], row["used_minutes"]) == (oracle.quantities[key], oracle.used[key])
        assert row["cost_amount"] == cost, row


def test_a_thousand_random_ledgers_reconcile_to_the_cent(ledgers):
    """Every part of every month equals a second computation in fractions; the difference is 0."""
    assert len(MONTHS) == 1_000
    assert len(ledgers.oracle.ledger) > 980, "some months have no ledger, but only few"
    assert_months_are_the_oracles(ledgers)
    assert_lines_are_the_oracles(ledgers)


def test_the_random_ledgers_hold_what_could_break_them(ledgers):
    """Otherwise the test before would prove nothing of it."""
    oracle = ledgers.oracle
    closed = [oracle.reconciliation(month) for month in oracle.ledger]
    assert 5 < closed.count(None) < 100, "months with a missing rate"
    months = [month for month in closed if month]
    assert sum(month["unused_amount"] < 0 for month in months) > 50
    assert sum(month["internal_amount"] > 0 for month in months) > 50
    assert any(month["ledger_amount"] < 0 for month in months)
    assert (
        sum(
            row["unused_minutes"] is None
            for row in ledgers.rows("rpt_capacity", "capacity_key").values()
        )
        > 50
    )
    halves = [
        row for row in ledgers.tables["ledger_expense"] if Decimal(row["amount"]) * 1000 % 10 == 5
    ]
    assert len(halves) > 200
    assert Decimal("307247.61") in oracle.costs.values(), "the large half cent"
    functions = {
        row["function_code"] for row in ledgers.rows("rpt_capacity", "capacity_key").values()
    }
    assert {"night_shift", "cellar"} < functions


def test_the_random_ledgers_pass_the_projects_own_tests(ledgers):
    """None of them blocks a release for what may land, however odd."""
    project = [PROFITABILITY, OPERATIONS]
    assert failures(ledgers.settings, "test", project, *NO_UNIT_TESTS) == {}


def test_every_function_month_shows_all_of_its_cost_and_minutes(ledgers):
    """Overload is negative unused capacity, not clipped; what has no rate assigns nothing."""
    oracle, overloaded = ledgers.oracle, 0
    found = ledgers.rows("rpt_capacity", "function_code", "month")
    used: Counter = Counter()
    for (_, _, function, month), minutes in oracle.used.items():
        used[function, month] += minutes
    assert set(found) == {*oracle.function_costs, *oracle.practical, *used}
    for (function, month), row in found.items():
        practical = oracle.practical.get((function, month))
        assert row["cost_amount"] == oracle.function_costs.get((function, month))
        assert row["practical_minutes"] == practical
        assert row["used_minutes"] == used[function, month]
        assert row["used_minutes"] == row["account_minutes"] + row["internal_minutes"]
        assert row["is_supplied"] == oracle.has_rate(function, month)
        if practical is not None:
            assert row["unused_minutes"] == practical - used[function, month]
        if not row["is_supplied"]:
            assert row["assigned_amount"] is row["unused_cost_amount"] is None
            assert row["rate_per_minute"] is None
            continue
        assert row["rate_per_minute"] == pytest.approx(float(row["cost_amount"] / practical))
        assert row["assigned_amount"] + row["unused_cost_amount"] == row["cost_amount"]
        assert row["is_overloaded"] == (used[function, month] > practical)
        overloaded += row["is_overloaded"]
    assert overloaded > 50


def test_every_account_month_has_the_profit_that_its_landed_rows_give(ledgers):
    found = ledgers.rows("rpt_account_profitability", "account_id", "month")
    expected = {
        (account, month): ledgers.oracle.profit(account, month)
        for account, month, _ in ledgers.oracle.lines
    }
    for key, parts in expected.items():
        if any(amount != 0 for amount in parts.values()):
            row = found.pop(key)
            assert {name: row[name] for name in parts} == parts, key
            assert row["is_supplied"] == (parts["net_profit_amount"] is not None)
            assert row["is_supplied"] == (row["held_reason"] is None)
    assert not found


def test_the_whale_curve_of_every_year_ranks_the_accounts_whose_profit_is_known(ledgers):
    """All 84 years by the accounts' months, up to the last in which most know what work costs.

    One month that is held keeps an account out of its year.
    """
    account_months = ledgers.rows("rpt_account_profitability", "account_id", "month")
    known = defaultdict(list)
    for (_, month), row in account_months.items():
        known[month].append(row["cost_to_serve_amount"] is not None)
    last = max(month for month, rows in known.items() if 2 * sum(rows) > len(rows))
    profits, held = defaultdict(Decimal), set()
    for (account, month), row in account_months.items():
        if month > last:
            continue
        if row["is_supplied"]:
            profits[month.year, account] += row["net_profit_amount"]
        else:
            held.add((month.year, account))
    curve = defaultdict(list)
    ranks = ledgers.rows("rpt_whale_curve", "period_code", "profit_rank")
    for _, row in sorted(ranks.items()):
        if row["period_type"] == "fiscal_year":
            curve[row["period_start"].year].append(row)
    ranked = {key: profit for key, profit in profits.items()
              if key not in held and key[1] != UNKNOWN}  # fmt: skip
    assert set(curve) == {year for year, _ in ranked}
    for year, rows in curve.items():
        order = sorted((-profit, account) for (then, account), profit in ranked.items()
                       if then == year)  # fmt: skip
        assert [row["account_id"] for row in rows] == [account for _, account in order]
        total = -sum(profit for profit, _ in order)
        for rank, row in enumerate(rows, start=1):
            cumulative = -sum(profit for profit, _ in order[:rank])
            assert row["cumulative_profit_amount"] == cumulative
            share = float(cumulative / total) if total > 0 else None
            assert row["cumulative_profit_share"] == pytest.approx(share, abs=1e-9)


def test_every_landed_piece_of_work_is_costed_or_told(ledgers):
    """No row disappears: it is in fct_activity_costs, or in rpt_costing_gaps, or not yet done."""
    oracle = ledgers.oracle
    gaps = ask(ledgers.settings, f"from {SCHEMA}.rpt_costing_gaps")
    told: Counter = Counter()
    for gap in gaps:
        if gap["gap_code"] in ("counted_elsewhere", "unlisted_activity", "no_equation_in_force"):
            told[gap["gap_code"], gap["activity_code"], gap["month"]] += gap["rows_count"]
    expected: Counter = Counter()
    for piece in oracle.elsewhere:
        expected["counted_elsewhere", piece.activity_code, str(piece.month)] += 1
    for piece in oracle.lost:
        code = "unlisted_activity" if piece.activity_code == "ghost" else "no_equation_in_force"
        expected[code, piece.activity_code, str(piece.month)] += 1
    assert told == expected
    costed = ask(
        ledgers.settings, f"select sum(pieces_count) as n from {SCHEMA}.fct_activity_costs"
    )
    landed = sum(
        len(ledgers.tables[entity])
        for entity in ("work_item", "coaching_session", "support_ticket", "application")
    )
    not_done = sum(not row["closed_at"] for row in ledgers.tables["work_item"])
    not_done += sum(row["status"] != "completed" for row in ledgers.tables["coaching_session"])
    not_done += sum(not row["resolved_at"] for row in ledgers.tables["support_ticket"])
    not_done += sum(not row["decided_at"] for row in ledgers.tables["application"])
    assert costed[0]["n"] + sum(told.values()) + not_done == landed


def test_every_landed_amount_is_in_the_tables_or_told_to_lack_a_rate(ledgers):
    told: Counter = Counter()
    for gap in ask(
        ledgers.settings, f"from {SCHEMA}.rpt_costing_gaps where gap_code = 'missing_rate'"
    ):
        told[gap["entity"], gap["month"], gap["from_currency"]] += gap["rows_count"]
    expected: Counter = Counter()
    days = {"ledger_expense": "month", "invoice_line": "invoiced_on", "direct_cost": "incurred_on"}
    for entity, day in days.items():
        for row in ledgers.tables[entity]:
            month = month_of(row.get("service_month") or row[day])
            if ledgers.oracle.usd(row, month) is None:
                expected[entity, str(month), row["currency"]] += 1
    assert told == expected
    assert len({entity for entity, _, _ in expected}) == 3


def test_work_that_landed_in_two_entities_counts_once(ledgers):
    """Coaching follows the sessions that were held, whatever work items say of it."""
    held = Counter(
        row["scheduled_at"][:7]
        for row in ledgers.tables["coaching_session"]
        if row["status"] == "completed"
    )
    again = [
        row for row in ledgers.tables["work_item"] if row["activity_code"] == "coaching_session"
    ]
    assert len(again) > 20
    found = ask(
        ledgers.settings,
        f"""
        select strftime(month, '%Y-%m') as month, sum(quantity) as quantity
        from {SCHEMA}.fct_activity_costs
        where activity_code = 'coaching_session'
        group by all
        """,
    )
    assert {row["month"]: row["quantity"] for row in found} == held


def test_any_order_of_the_rows_in_any_number_of_files_gives_the_same_tables(ledgers, tmp_path):
    shuffled = settings_in(tmp_path)
    land_shuffled(shuffled.landing_dir, ledgers.tables, seed=1)
    build(shuffled, [PROFITABILITY, OPERATIONS])
    tables = marts(ledgers.settings)
    assert tables == marts(shuffled)
    assert len(tables) >= len(COSTS)
    for table in tables:
        assert changes(ledgers.settings, shuffled, table) == ([], []), table


def test_more_work_for_one_account_moves_its_cost_and_the_unused_line_and_nothing_else(
    ledgers, tmp_path
):
    """Two more pieces for one account: the rate stays, since it is that of practical minutes."""
    oracle = ledgers.oracle
    key = next(
        key for key, cost in oracle.costs.items()
        if cost and key[0] != NOBODY and key[1] == "engineering_short"
        and oracle.profit(key[0], key[3])["net_profit_amount"] and oracle.reconciliation(key[3])
    )  # fmt: skip
    account, code, function, month = key
    item = {"work_item_id": "more", "activity_code": code, "account_id": account, "quantity": "2",
            "opened_at": f"{month}T00:00:00Z", "closed_at": f"{month}T08:00:00Z"}  # fmt: skip
    after = gone_on(ledgers, tmp_path / "more", {"work_item": [item]})
    moved = after.oracle.costs[key] - oracle.costs[key]
    assert moved > 0

    def one_change(table: str) -> tuple[dict, set[str], dict]:
        (before,), (now,) = changes(ledgers.settings, after.settings, f"{SCHEMA}.{table}")
        return before, {name for name in now if now[name] != before[name]}, now

    before, columns, now = one_change("fct_activity_costs")
    assert (now["account_id"], now["activity_code"], now["month"]) == (account, code, month)
    assert columns == {"pieces_count", "quantity", "standard_minutes_total", "used_minutes",
                       "cost_amount"}  # fmt: skip
    assert now["cost_amount"] - before["cost_amount"] == moved
    before, columns, now = one_change("rpt_capacity")
    assert (now["function_code"], now["month"]) == (function, month)
    assert columns - {"is_overloaded"} == {
        "assigned_amount", "accounts_amount", "unused_cost_amount", "used_minutes",
        "account_minutes", "unused_minutes", "utilization_rate",
    }  # fmt: skip
    assert before["unused_cost_amount"] - now["unused_cost_amount"] == moved
    before, columns, now = one_change("rpt_account_profitability")
    assert (now["account_id"], now["month"]) == (account, month)
    assert columns == {"cost_to_serve_amount", "net_profit_amount"}
    assert before["net_profit_amount"] - now["net_profit_amount"] == moved
    before, columns, now = one_change("rpt_cost_reconciliation")
    assert columns == {"assigned_amount", "accounts_amount", "unused_amount"}
    assert now["assigned_amount"] - before["assigned_amount"] == moved
    assert now["difference_amount"] == 0
    before, columns, now = one_change("fct_profit_lines")
    assert (now["line_code"], columns) == (function, {"amount"})
    assert changes(ledgers.settings, after.settings, f"{SCHEMA}.rpt_costing_gaps") == ([], [])


def test_a_new_time_equation_moves_nothing_before_its_first_day(ledgers, tmp_path):
    """From the tenth of a month on each piece takes longer: work of the days before does not."""
    first_day = date(1980, 5, 10)
    version = {"activity_code": "engineering_short", "function_code": "engineering",
               "standard_minutes": 600, "valid_from": first_day}  # fmt: skip
    after = gone_on(ledgers, tmp_path / "after", {"activity": [version]})
    for table in COSTS:
        for rows in changes(ledgers.settings, after.settings, f"{SCHEMA}.{table}"):
            assert [row for row in rows if str(row["month"]) < str(first_day.replace(day=1))] == []
    assert_lines_are_the_oracles(after)
    assert_months_are_the_oracles(after)
    before, now = (
        tenant.rows("fct_activity_costs", "account_id", "activity_code", "month")
        for tenant in (ledgers, after)
    )
    assert EARLY in ledgers.tables["work_item"]
    later = [key for key in now if now[key] != before[key]]
    assert ("a-early", "engineering_short", first_day.replace(day=1)) not in later
    assert len(later) > 20
    assert {code for _, code, _ in later} == {"engineering_short"}
