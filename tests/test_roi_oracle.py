"""The employer's return is, to the cent, what plain fractions make of the landed files.

People, pay, values, costs and rates are read from the files (`roi_oracle.py`); the differences are
those of rpt_workforce_outcomes, which `test_outcomes_oracle.py` finds in the files too. Steinbach
is paid in euros. `all` pools every account whose cost and values are known.
"""

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest
from roi_cases import SCENARIOS, TORNADO, come_back, differences, lines, sensitivity
from roi_oracle import DISCOUNT, HIDDEN, HIRE, HOUR, SHARE, employer, together

ACCOUNTS = ("acc-steinbach", "all")


def near(value: object):
    """Equal but for the last digits of a double."""
    return pytest.approx(float(value), rel=1e-9, abs=1e-12)


@pytest.fixture(scope="module")
def employers(landed) -> dict:
    """Every account in whose evaluated months somebody enrolled."""
    named = [row[0] for row in landed.execute("select distinct account_id from worker").fetchall()]
    found = {name: employer(landed, name) for name in sorted(filter(None, named))}
    return {name: it for name, it in found.items() if it}


@pytest.fixture(scope="module", params=ACCOUNTS)
def case(request, employers, demo_release: Path) -> SimpleNamespace:
    """An account's money, its differences, and a reader of what the release says of it."""
    account = request.param

    def says(table: str, where: str = "true") -> pd.DataFrame:
        path = demo_release / "marts" / f"{table}.parquet"
        return duckdb.execute(
            f"from read_parquet('{path}') where account_id = '{account}' and {where}"
        ).df()

    told = says("rpt_workforce_outcomes", "stratum = 'all'").set_index("outcome_code")
    it = pooled(employers) if account == "all" else employers[account]
    return SimpleNamespace(it=it, differences=differences(told), says=says)


def pooled(employers: dict):
    """Those whose cost is known: of a year at least, from its begin on, in half of its months."""
    known = [it for it in employers.values() if is_known(it)]
    assert 20 < len(known) < len(employers)
    return together(known)


def is_known(it) -> bool:
    length = it.last.ordinal - it.first.ordinal + 1
    paid = {month for month, _ in it.costs}
    own = {month for month, kind in it.costs if kind in HIDDEN}
    return (
        length >= 12
        and min(len(paid), len(own)) * 2 >= length
        and min(paid).ordinal <= it.first.ordinal + 2
        and it.cost(*HIDDEN) < it.cost()
    )


def test_every_line_of_benefit_is_people_times_difference_times_value(case):
    said = case.says("rpt_roi_lines", "line_type = 'benefit'").set_index(["scenario", "line_code"])
    for scenario, chosen in SCENARIOS.items():
        for code, (units, value, amount) in lines(case.it, case.differences, chosen).items():
            line = said.loc[scenario, code]
            assert line.units == near(units), (scenario, code)
            assert line.unit_value == near(value), (scenario, code)
            assert (line.isolation, line.confidence) == (1, 1)
            assert Decimal(str(line.amount)) == Decimal(str(line.gross_amount)) == amount
    assert len(said) == 12
    assert said.loc["base", "promoted_stayers_counted_once"].amount < 0


def test_every_cost_counts_and_is_converted_by_its_month(case):
    said = case.says("rpt_roi_lines", "line_type = 'cost' and is_supplied")
    types = {kind for _, kind in case.it.costs}
    for scenario in SCENARIOS:
        rows = said[said.scenario == scenario].set_index("line_code")
        assert set(rows.index) == types
        for kind in types:
            assert Decimal(str(rows.amount[kind])) == case.it.cost(kind)
            assert rows.is_hidden[kind] == (kind in HIDDEN)


def test_the_return_is_what_the_lines_come_to(case):
    said = case.says("rpt_employer_roi").set_index("scenario")
    hidden = case.it.cost(*HIDDEN)
    for scenario, chosen in SCENARIOS.items():
        ours, row = come_back(case.it, case.differences, chosen), said.loc[scenario]
        assert row.is_estimable
        assert row.participants_count == len(case.it.months)
        assert pd.Timestamp(row.period_start) == case.it.first.start_time
        assert pd.Timestamp(row.period_end) == case.it.last.end_time.normalize()
        net = ours.benefit - ours.cost
        for name, amount in {
            "benefit": ours.benefit, "cost": ours.cost, "hidden_cost": hidden,
            "visible_cost": ours.cost - hidden, "net_benefit": net, "npv": ours.npv,
        }.items():  # fmt: skip
            assert Decimal(str(row[f"{name}_amount"])) == amount, (scenario, name)
        assert row.hidden_cost_share == near(hidden / ours.cost)
        assert row.roi_rate == near(net / ours.cost)
        assert row.bcr == near(ours.benefit / ours.cost)
        if ours.payback is None:
            assert pd.isna(row.payback_months)
        else:
            assert row.payback_months == near(ours.payback)
        pay = case.it.value(SHARE)[scenario]
        even = float(ours.cost) / (len(case.it.months) * float(pay))
        assert row.break_even_retention_difference == near(even)
    assert said.loc["low"].roi_rate < said.loc["base"].roi_rate < said.loc["high"].roi_rate


def test_the_months_add_up_and_the_benefit_comes_after_the_enrolling(case):
    for scenario, chosen in SCENARIOS.items():
        ours = come_back(case.it, case.differences, chosen)
        said = case.says("rpt_roi_cash_flows", f"scenario = '{scenario}'").sort_values("month")
        assert len(said) == len(ours.flows)
        for row, flow in zip(said.itertuples(), ours.flows, strict=True):
            assert pd.Timestamp(row.month) == flow.month.start_time
            found = [row.benefit_amount, row.cost_amount, row.cumulative_net_amount,
                     row.discounted_net_amount]  # fmt: skip
            exact = [flow.benefit, flow.cost, flow.cumulative, flow.discounted]
            assert [Decimal(str(amount)) for amount in found] == exact, flow.month
        assert sum(flow.benefit for flow in ours.flows) == ours.benefit
        assert ours.flows[0].benefit == 0


def test_each_parameter_alone_moves_the_return_as_by_hand(case):
    said = case.says("rpt_roi_sensitivity").set_index(["parameter_code", "setting"])
    settings = sensitivity()
    assert set(said.index) == set(settings)
    nets: dict[str, list[Decimal]] = {}
    for key, chosen in settings.items():
        ours, row = come_back(case.it, case.differences, chosen), said.loc[key]
        net = ours.benefit - ours.cost
        nets.setdefault(key[0], []).append(net)
        assert Decimal(str(row.benefit_amount)) == ours.benefit, key
        assert Decimal(str(row.net_benefit_amount)) == net, key
        assert Decimal(str(row.npv_amount)) == ours.npv, key
        assert row.roi_rate == near(net / ours.cost), key
        assert row.bcr == near(ours.benefit / ours.cost), key
    swings = {name: max(those) - min(those) for name, those in nets.items()}
    order = sorted(swings, key=lambda name: (-swings[name], name))
    ranks = said.swing_rank.groupby("parameter_code").first()
    assert ranks.sort_values().index.tolist() == order


def test_a_parameter_is_set_to_its_own_range(case):
    said = case.says("rpt_roi_sensitivity").set_index(["parameter_code", "setting"])
    for name in (SHARE, HIRE, HOUR, DISCOUNT):
        for end in ("low", "high"):
            assert said.loc[(name, end)].parameter_value == near(case.it.mean(name)[end])
    for name, where in list(TORNADO.items())[:3]:
        for end in ("low", "high"):
            assert said.loc[(name, end)].parameter_value == near(case.differences[where][end])
