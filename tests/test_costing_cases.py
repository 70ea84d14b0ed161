"""Published cases of costing, landed as a tenant would land them, come out of the tables."""

from decimal import Decimal

import published_accounts as printed
import published_curves as curves
import pytest
from conftest import settings_in
from costing_tenant import COSTS, CURVES, ask, build, by, land_rows, merged
from published_accounts import FIVE, HIERARCHY, MEASURED, SHARE

from orchestration.settings import Settings


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One tenant of all cases, each in a year and with accounts of its own; one build."""
    settings = settings_in(tmp_path_factory.mktemp("published"))
    cases = (
        printed.customer_service(),
        printed.last_month(),
        printed.five_customers(),
        printed.cost_hierarchy(),
        curves.whale(),
        curves.kanthal(),
        curves.eighty_twenty(),
        curves.currencies(),
    )
    land_rows(settings.landing_dir, merged(cases))
    build(settings, [*COSTS, *CURVES])
    return settings


def month(settings: Settings, table: str, text: str) -> list[dict]:
    """The rows of a table in a month."""
    return ask(settings, f"from account_profitability.{table} where month = date '{text}-01'")


def year(settings: Settings, table: str, text: str) -> list[dict]:
    """The rows of a table of periods in the fiscal year of a month."""
    return ask(
        settings,
        f"from account_profitability.{table} where period_start = date '{text[:4]}-01-01'"
        f" and period_end = date '{text[:4]}-12-31'",
    )


def unit_costs(settings: Settings, text: str) -> dict[str, Decimal]:
    lines = by(month(settings, "fct_activity_costs", text), "activity_code")
    return {code: line["cost_amount"] / line["quantity"] for code, line in lines.items()}


@pytest.mark.parametrize("basis", [(MEASURED, "measured"), (SHARE, "paid_share")])
def test_the_customer_service_department_costs_what_kaplan_and_anderson_print(published, basis):
    """700,000 practical minutes, once measured and once 0.80 of 875,000 paid ones."""
    text, practical_basis = basis
    (capacity,) = month(published, "rpt_capacity", text)
    assert capacity["practical_basis"] == practical_basis
    assert capacity["practical_minutes"] == 700_000
    assert capacity["rate_per_minute"] == pytest.approx(0.80, abs=1e-12)
    assert capacity["used_minutes"] == capacity["account_minutes"] == 578_600
    assert round(capacity["utilization_rate"], 2) == 0.83
    assert capacity["assigned_amount"] == 462_880
    assert capacity["unused_minutes"] == 121_400
    assert capacity["unused_cost_amount"] == 97_120
    assert capacity["internal_amount"] == 0
    assert not capacity["is_overloaded"]
    lines = by(month(published, "fct_activity_costs", text), "activity_code")
    costs = {code: line["cost_amount"] for code, line in lines.items()}
    assert costs == {"orders": 313_600, "inquiries": 49_280, "credit_checks": 100_000}
    units = {"orders": Decimal("6.40"), "inquiries": Decimal("35.20"), "credit_checks": 40}
    assert unit_costs(published, text) == units
    (account,) = month(published, "rpt_account_profitability", text)
    assert account["cost_to_serve_amount"] == 462_880
    (reconciled,) = month(published, "rpt_cost_reconciliation", text)
    assert reconciled["ledger_amount"] == 560_000
    assert reconciled["assigned_amount"] == 462_880
    assert reconciled["unused_amount"] == 97_120
    assert reconciled["difference_amount"] == 0


def test_unit_costs_that_charge_for_unused_time_do_not_come_out(published):
    """Traditional costing spreads all 560,000 by shares of time that add up to one."""
    shares = {
        "orders": Decimal("0.7"),
        "inquiries": Decimal("0.1"),
        "credit_checks": Decimal("0.2"),
    }
    quantities = {
        row["activity_code"]: int(row["quantity"])
        for row in printed.seed("activities", "customer_service")
    }
    naive = {code: 560_000 * share / quantities[code] for code, share in shares.items()}
    assert naive == {"orders": 8, "inquiries": 40, "credit_checks": Decimal("44.8")}
    for text in (MEASURED, SHARE):
        ours = unit_costs(published, text)
        assert all(ours[code] < naive[code] for code in naive)
        assert sum(ours[code] * quantities[code] for code in naive) == 560_000 - 97_120


def test_five_customers_earn_and_lose_what_is_worked_out_by_hand(published):
    profits = {"p": 2_012, "q": 11_545, "r": 38_720, "s": 41_856, "t": -3_346}
    accounts = by(month(published, "rpt_account_profitability", FIVE), "account_id")
    assert {name: row["net_profit_amount"] for name, row in accounts.items()} == profits
    assert accounts["t"]["gross_profit_amount"] == 3_900 * (Decimal("12.96") - 12)
    assert accounts["t"]["cost_to_serve_amount"] == 3_000 + 240 + 1_600 + 1_950 + 300
    (capacity,) = month(published, "rpt_capacity", FIVE)
    assert capacity["rate_per_minute"] == 1
    served = sum(row["cost_to_serve_amount"] for row in accounts.values())
    assert capacity["unused_cost_amount"] == 80_000 - served


def test_the_whale_curve_of_five_customers_peaks_at_103_7_percent(published):
    curve = sorted(year(published, "rpt_whale_curve", FIVE), key=lambda row: row["profit_rank"])
    assert [row["account_id"] for row in curve] == ["s", "r", "q", "p", "t"]
    assert [row["account_share"] for row in curve] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1])
    cumulative = [row["cumulative_profit_amount"] for row in curve]
    assert cumulative == [41_856, 80_576, 92_121, 94_133, 90_787]
    assert curve[3]["cumulative_profit_share"] == pytest.approx(94_133 / 90_787, abs=1e-12)
    (concentration,) = year(published, "rpt_concentration", FIVE)
    assert concentration["total_profit_amount"] == 90_787
    assert concentration["peak_profit_amount"] == 94_133
    assert round(concentration["peak_profit_share"], 3) == 1.037
    assert concentration["peak_account_share"] == pytest.approx(0.8)
    assert concentration["erosion_amount"] == 3_346
    assert concentration["unprofitable_accounts_count"] == 1


def test_the_cost_hierarchy_leaves_channel_costs_with_the_channels(published):
    accounts = by(month(published, "rpt_account_profitability", HIERARCHY), "account_id")
    profits = {name: row["net_profit_amount"] for name, row in accounts.items()}
    assert profits == {
        "north_america": 52_930_000,
        "south_america": 147_530_000,
        "green_energy": 22_470_000,
        "global_power": 8_970_000,
    }
    assert sum(profits.values()) == 231_900_000
    assert sum(row["revenue_amount"] for row in accounts.values()) == 1_246_610_000
    (reconciled,) = month(published, "rpt_cost_reconciliation", HIERARCHY)
    assert reconciled["unallocated_amount"] == sum(printed.CHANNEL_COSTS.values()) == 45_000_000
    assert reconciled["unused_amount"] == reconciled["difference_amount"] == 0
    wholesale = profits["north_america"] + profits["south_america"]
    retail = profits["green_energy"] + profits["global_power"]
    assert wholesale - printed.CHANNEL_COSTS["wholesale"] == 163_460_000
    assert retail - printed.CHANNEL_COSTS["retail"] == 23_440_000


def test_the_published_answer_that_pushes_channel_costs_to_customers_does_not_come_out(published):
    """It prints 37,734 and 125,726: 41.07 % and 58.93 % of 37,000 off the wholesale customers."""
    accounts = by(month(published, "rpt_account_profitability", HIERARCHY), "account_id")
    wrong = {"north_america": 37_734_000, "south_america": 125_726_000}
    right = {name: accounts[name]["net_profit_amount"] for name in wrong}
    assert sum(right.values()) - sum(wrong.values()) == printed.CHANNEL_COSTS["wholesale"]
    assert all(right[name] > wrong[name] for name in wrong)
    lines = month(published, "fct_profit_lines", HIERARCHY)
    assert not [line for line in lines if line["line_code"] in printed.CHANNEL_COSTS]
    assert {line["line_group"] for line in lines} == {"revenue", "direct_cost", "cost_to_serve"}


def test_a_fifth_of_kanthals_customers_makes_225_percent_and_the_largest_loses_most(published):
    curve = sorted(
        year(published, "rpt_whale_curve", curves.KANTHAL), key=lambda r: r["profit_rank"]
    )
    assert [row["account_share"] for row in curve[:2]] == pytest.approx([0.1, 0.2])
    shares = [row["cumulative_profit_share"] for row in curve]
    assert shares == pytest.approx([1.3, *[2.25] * 8, 1])
    ties = [row["account_id"] for row in curve[2:9]]
    assert ties == sorted(ties), "accounts of equal profit are not in the order of their names"
    largest = max(curve, key=lambda row: row["revenue_amount"])
    assert largest["profit_rank"] == len(curve) == 10
    (concentration,) = year(published, "rpt_concentration", curves.KANTHAL)
    assert concentration["peak_profit_share"] == pytest.approx(2.25)
    assert concentration["peak_account_share"] == pytest.approx(0.2)
    assert concentration["erosion_amount"] == 12_500


def test_the_curve_of_264_customers_rises_to_654_percent_and_falls_by_554(published):
    curve = by(year(published, "rpt_whale_curve", curves.WHALE), "profit_rank")
    assert len(curve) == 264
    shares = {rank: row["cumulative_profit_share"] for rank, row in curve.items()}
    assert round(100 * shares[30]) == 513
    assert round(100 * (shares[151] - shares[30])) == 141
    assert round(100 * (shares[264] - shares[151])) == -554
    assert round(100 * (shares[264] - shares[238])) == -499
    (concentration,) = year(published, "rpt_concentration", curves.WHALE)
    assert concentration["total_profit_amount"] == curves.WHALE_PROFIT
    assert round(100 * concentration["peak_profit_share"]) == 654
    assert concentration["peak_account_share"] == pytest.approx(151 / 264)
    assert concentration["unprofitable_accounts_count"] == 113


def test_forty_of_a_thousand_customers_bring_64_of_100_million(published):
    (concentration,) = year(published, "rpt_concentration", curves.EIGHTY_TWENTY)
    assert concentration["accounts_count"] == 1_000
    assert concentration["total_revenue_amount"] == 100_000_000
    assert concentration["top_4_revenue_share"] == pytest.approx(0.64, abs=1e-12)
    assert concentration["top_20_revenue_share"] == pytest.approx(0.80, abs=1e-12)


def test_a_foreign_invoice_counts_at_the_rate_of_its_month(published):
    for text in ("01", "02"):
        rows = month(published, "rpt_account_profitability", f"{curves.CURRENCIES}-{text}")
        euro = by(rows, "account_id")["euro"]
        assert euro["revenue_amount"] == Decimal("1347.16")  # 1234.565 x 1.0912 = 1347.157328
        assert euro["gross_profit_amount"] == Decimal("1247.16")
        assert euro["is_supplied"]
        assert euro["currency"] == "USD"


def test_a_missing_rate_holds_back_that_account_and_month_and_names_month_and_pair(published):
    january, february = (
        by(
            month(published, "rpt_account_profitability", f"{curves.CURRENCIES}-{text}"),
            "account_id",
        )
        for text in ("01", "02")
    )
    assert january["krona"]["revenue_amount"] == 8000 * curves.KRONA_RATE
    assert january["krona"]["is_supplied"]
    held = february["krona"]
    assert not held["is_supplied"]
    assert (
        held["revenue_amount"] is held["gross_profit_amount"] is held["net_profit_amount"] is None
    )
    assert held["direct_cost_amount"] == 100
    for part in ("2016-02", "SEK", "USD"):
        assert part in held["held_reason"]
    assert {
        name: row["net_profit_amount"] for name, row in february.items() if name != "krona"
    } == {name: row["net_profit_amount"] for name, row in january.items() if name != "krona"}
    (gap,) = ask(
        published,
        """
        from account_profitability.rpt_costing_gaps
        where gap_code = 'missing_rate'
        """,
    )
    assert gap["month"] == "2016-02-01"
    assert (gap["from_currency"], gap["to_currency"]) == ("SEK", "USD")
    assert gap["rows_count"] == gap["held_account_months_count"] == 1
