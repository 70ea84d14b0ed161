"""Recurring revenue: random contracts and the demo tenant against a second count; case V18."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from arr_bridge_oracle import PARTS, Bridge
from arr_oracle import Contracts, last_day
from conftest import settings_in
from costing_tenant import Rows, Tables, ask, build, by, failures, land_rows, merged
from landed_files import is_good
from random_contracts import AS_OF, random_contracts

from orchestration.dbt_project import NO_UNIT_TESTS
from orchestration.settings import Settings

SEED = 20_240_517
MODELS = ("fct_renewals", "fct_arr_movements", "rpt_revenue_retention")
SCHEMA = "renewal_health"
LAST_MONTH = date(2024, 4, 1)  # May is not over on the as-of date
# Published case V18: an opening of 10.0 million loses 0.6 to contraction and 0.9 to churn, and
# gains 1.8 by expansion. One account that comes within the year enters neither rate.
V18 = {"stays": ("4_000_000",) * 2, "leaves": ("900_000", ""), "less": ("2_000_000", "1_400_000"),
       "more": ("3_100_000", "4_900_000"), "comes": ("", "5_000_000")}  # fmt: skip


def published() -> Tables:
    contracts: Rows = []
    for account, values in V18.items():
        for year, value in zip((2022, 2023), values, strict=True):
            if value:
                contracts.append({
                    "contract_id": f"{account}-{year}", "account_id": account, "currency": "USD",
                    "starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31",
                    "annual_value": value.replace("_", ""),
                    "previous_contract_id": f"{account}-2022" if year == 2023 else "",
                })  # fmt: skip
    accounts: Rows = [{"account_id": name, "name": name, "segment": "published"} for name in V18]
    return {"contract": contracts, "account": accounts}


@dataclass(frozen=True)
class Tenant:
    """Random contracts as they landed, as they were built, and what they must come to."""

    settings: Settings
    bridge: Bridge

    def rows(self, table: str, *key: str) -> dict:
        return by(ask(self.settings, f"from {SCHEMA}.{table}"), *key)


@pytest.fixture(scope="module")
def tenant_of_contracts(tmp_path_factory: pytest.TempPathFactory) -> Tenant:
    tables = merged([random_contracts(SEED), published()])
    settings = settings_in(tmp_path_factory.mktemp("contracts"), as_of=str(AS_OF))
    land_rows(settings.landing_dir, tables)
    build(settings, MODELS)
    contracts = Contracts(tables["contract"], tables["renewal_decision"], AS_OF)
    segments = dict.fromkeys(contracts.of_account, "unknown")
    segments |= {row["account_id"]: row["segment"] or "unknown" for row in tables["account"]
                 if row["account_id"] in segments}  # fmt: skip
    return Tenant(settings, Bridge(contracts, tables["fx_rate"], segments, LAST_MONTH))


def assert_movements_are_the_recounts(bridge: Bridge, found: dict) -> Counter:
    """Every account and month; returns how many there are of each type, and without amount."""
    seen: Counter = Counter()
    found = dict(found)
    for month in bridge.months:
        for account in bridge.contracts.of_account:
            parts = bridge.account(account, month, month)
            if parts is None:
                continue
            stays = bool(bridge.money[account, month]) and parts["churn"] == 0
            expected = {
                name: amount
                for name, amount in parts.items()
                if name not in ("opening", "closing") and amount != 0
                and (amount is not None or name not in ("expansion", "contraction"))
            }  # fmt: skip
            for name, amount in expected.items():
                row = found.pop((account, month, name))
                sign = -1 if name in ("churn", "contraction") else 1
                wanted = None if amount is None else sign * amount
                assert row["arr_delta_amount"] == wanted, row
                assert row["is_supplied"] == (wanted is not None) == (row["reason"] is None)
                assert row["contract_id"] == bridge.cause(account, month, name), row
                seen["unknown" if wanted is None else name] += 1
                assert stays or name in ("new", "reactivation", "churn")
    assert not found
    return seen


def assert_retention_is_the_recounts(bridge: Bridge, found: dict) -> None:
    """Every window and segment."""
    segments = {"all", *bridge.segments.values()}
    windows = bridge.windows()
    assert len(found) == len(segments) * len(windows)
    for months, start, end in windows:
        for segment in segments:
            row = found[start, last_day(end), segment]
            assert row["window_months"] == months
            whole, due = bridge.segment(segment, start, end), bridge.due(segment, start, end)
            names = {"opening": "opening_arr_amount", "closing": "closing_arr_amount"}
            for name in PARTS:
                assert row[names.get(name, f"{name}_amount")] == whole["amounts"][name], row
            for name in ("opening", "closing", "retained", "new", "reactivated"):
                assert row[f"{name}_accounts_count"] == whole["counts"][name], row
            for name, amount in due["amounts"].items():
                assert row[f"{name}_amount"] == amount, row
                assert row[f"{name}_contracts_count"] == due["counts"][name]
            assert_rates(row, whole["amounts"], due["amounts"])


def assert_rates(row: dict, amounts: dict, due: dict) -> None:
    opening = amounts["opening"]
    known = None not in amounts.values() and None not in due.values()
    assert row["is_supplied"] == known == (row["reason"] is None)
    if not opening:
        assert row["grr"] is row["nrr"] is None
    else:
        kept = opening - amounts["contraction"] - amounts["churn"]
        assert row["grr"] == pytest.approx(float(kept / opening), abs=1e-12)
        assert 0 <= row["grr"] <= 1
        assert row["nrr"] == pytest.approx(float((kept + amounts["expansion"]) / opening))
    if row["opening_accounts_count"]:
        share = row["retained_accounts_count"] / row["opening_accounts_count"]
        assert row["logo_retention_rate"] == pytest.approx(share)
        assert row["logo_ci_low"] - 1e-12 <= share <= row["logo_ci_high"] + 1e-12
    if due["renewed"] is None or due["up_for_renewal"] == due["undecided"]:
        assert row["renewal_rate"] is None
    else:
        decided = due["up_for_renewal"] - due["undecided"]
        assert row["renewal_rate"] == pytest.approx(float(due["renewed"] / decided))


def test_every_movement_of_random_contracts_is_the_recounts(tenant_of_contracts):
    found = tenant_of_contracts.rows(
        "fct_arr_movements", "account_id", "movement_month", "movement_type"
    )
    seen = assert_movements_are_the_recounts(tenant_of_contracts.bridge, found)
    assert min(seen[name] for name in PARTS[1:-1]) > 150, seen
    assert seen["unknown"] > 50, seen


def test_every_window_and_segment_of_random_contracts_is_the_recounts(tenant_of_contracts):
    found = tenant_of_contracts.rows(
        "rpt_revenue_retention", "window_start", "window_end", "segment"
    )
    assert_retention_is_the_recounts(tenant_of_contracts.bridge, found)


def test_every_bridge_of_random_contracts_closes_to_the_cent(tenant_of_contracts):
    """By the published columns alone, and one month's closing is the next one's opening."""
    found = tenant_of_contracts.rows(
        "rpt_revenue_retention", "window_start", "window_end", "segment"
    )
    closed = 0
    for row in found.values():
        if row["closing_arr_amount"] is None:
            continue
        gained = row["new_amount"] + row["reactivation_amount"] + row["expansion_amount"]
        lost = row["contraction_amount"] + row["churn_amount"]
        assert (
            row["opening_arr_amount"] + gained - lost + row["fx_amount"]
            == (row["closing_arr_amount"])
        ), row
        assert min(gained, lost) >= 0
        closed += row["closing_arr_amount"] > 0
    assert closed > 300
    months = sorted(
        (row["window_end"], row) for row in found.values()
        if row["window_months"] == 1 and row["segment"] == "published"
    )  # fmt: skip
    for (_, before), (_, after) in pairwise(months):
        assert before["closing_arr_amount"] == after["opening_arr_amount"]


def test_every_random_contract_has_its_successor_decision_and_values(tenant_of_contracts):
    bridge = tenant_of_contracts.bridge
    found = tenant_of_contracts.rows("fct_renewals", "contract_id")
    assert set(found) == set(bridge.contracts.rows)
    for name, one in bridge.contracts.rows.items():
        row, after = found[name], bridge.contracts.successors[name]
        assert row["successor_contract_id"] == (after and after.contract_id)
        assert row["gap_days"] == (after and (after.start - one.end).days - 1)
        assert row["decision"] == one.decision
        assert row["is_decided"] == (one.decision is not None)
        assert row["is_renewed"] == (None if one.decision is None else one.decision != "churned")
        assert row["is_ended"] == (one.end < AS_OF)
        amounts = (row["annual_value_amount"], row["new_annual_value_amount"])
        assert amounts == bridge.renewal(one), row
        assert row["segment"] == bridge.segments[one.account_id]


def test_the_random_contracts_hold_what_could_break_the_bridge(tenant_of_contracts):
    """Otherwise the tests before would prove nothing of it."""
    contracts = tenant_of_contracts.bridge.contracts
    seen: Counter = Counter()
    for one in contracts.rows.values():
        after = contracts.successors[one.contract_id]
        gap = after and (after.start - one.end).days - 1
        seen["never in force"] += not one.is_one
        seen["early successor"] += bool(after) and gap < 0
        seen["named, after a late signature"] += bool(after) and 0 < gap <= 45 and bool(after.names)
        seen["not named, after a late signature"] += bool(after) and gap > 0 and not after.names
        seen["long gap"] += bool(after) and gap > 45
        seen["ended undecided"] += one.end < AS_OF and not one.decision and not after
        seen["other currency"] += bool(after) and after.currency != one.currency
        days = (AS_OF - one.end).days
        seen["renewed, nothing landed"] += not after and days > 0 and one.decision == "renewed"
        seen["churned long before"] += one.decision == "churned" and one.end > AS_OF
        others = contracts.of_account[one.account_id]
        seen["beside another"] += any(
            other is not one and other.start <= one.end and one.start <= other.end
            and other is not after and contracts.successors[other.contract_id] is not one
            for other in others
        )  # fmt: skip
    assert min(seen.values()) > 10, seen


def test_the_random_contracts_pass_the_projects_own_tests(tenant_of_contracts):
    assert failures(tenant_of_contracts.settings, "test", MODELS, *NO_UNIT_TESTS) == {}


def test_the_published_retention_example_comes_out_of_the_real_models(tenant_of_contracts):
    """V18: GRR 85 %, NRR 103 %."""
    found = tenant_of_contracts.rows(
        "rpt_revenue_retention", "window_start", "window_end", "segment"
    )
    # opens with 2022's last day, and closes with that of January 2023
    row = found[date(2023, 1, 1), date(2023, 1, 31), "published"]
    assert row["opening_arr_amount"] == Decimal("10000000.00")
    assert (row["grr"], row["nrr"]) == (pytest.approx(0.85), pytest.approx(1.03))
    assert row["new_amount"] == Decimal("5000000.00")
    assert (row["retained_accounts_count"], row["opening_accounts_count"]) == (3, 4)
    year = found[date(2022, 12, 1), date(2023, 11, 30), "published"]
    assert (year["grr"], year["nrr"]) == (pytest.approx(0.85), pytest.approx(1.03))


@pytest.fixture(scope="module")
def demo_bridge(landed: duckdb.DuckDBPyConnection) -> Bridge:
    """The recount of the demo tenant's files."""

    def rows(entity: str) -> Rows:
        found = landed.execute(f'select * from "{entity}" where {is_good(landed, entity)}')
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    contracts = Contracts(rows("contract"), rows("renewal_decision"), date(2026, 6, 30))
    segments = {row["account_id"]: row["segment"] for row in rows("account")}
    segments = {name: segments[name] for name in contracts.of_account}
    return Bridge(contracts, rows("fx_rate"), segments, date(2026, 6, 1))


def released(folder: Path, table: str, *key: str) -> dict:
    with duckdb.connect() as connection:
        found = connection.execute(f"from '{folder}/marts/{table}.parquet'")
        names = [column[0] for column in found.description]
        return by([dict(zip(names, row, strict=True)) for row in found.fetchall()], *key)


def test_the_demo_tenants_bridge_is_the_recount_of_its_files(demo_release, demo_bridge):
    movements = released(
        demo_release, "fct_arr_movements", "account_id", "movement_month", "movement_type"
    )
    assert_movements_are_the_recounts(demo_bridge, movements)
    retention = released(
        demo_release, "rpt_revenue_retention", "window_start", "window_end", "segment"
    )
    assert_retention_is_the_recounts(demo_bridge, retention)


def test_the_demo_tenants_account_that_comes_back_is_its_only_reactivation(demo_release, tenant):
    movements = released(demo_release, "fct_arr_movements", "arr_movement_key")
    back = [row["account_id"] for row in movements.values()
            if row["movement_type"] == "reactivation"]  # fmt: skip
    truth = json.loads((tenant / "truth.json").read_text())["stakeholders"]
    assert back == truth["renewal"]["gap_accounts"]
