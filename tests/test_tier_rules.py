"""The rules of tiers hold whatever the accounts: the models themselves, on random ones."""

import re

import numpy as np
import pandas as pd
import pytest
from tier_recount import hold

from orchestration.settings import PROJECT_DIR

MODELS = PROJECT_DIR / "models" / "intermediate" / "account_profitability"
FIRST = 7881  # the number of the first quarter of 1970


@pytest.fixture(scope="module")
def model(answered):
    """A function that asks a model about tables given by name, in place of those it refers to."""

    def ask(name: str, **tables: pd.DataFrame) -> pd.DataFrame:
        text = (MODELS / f"{name}.sql").read_text(encoding="utf-8")
        return answered(re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", text), **tables)

    return ask


def quarters_from(first: int, size: int) -> list[dict]:
    """Quarters in a row, counted as the models count them."""
    numbers = range(first, first + size)
    starts = [pd.Period(ordinal=number - FIRST, freq="Q").start_time for number in numbers]
    return [
        {"quarter_no": number, "quarter_start": start}
        for number, start in zip(numbers, starts, strict=True)
    ]


@pytest.mark.parametrize("quarters", [1, 2, 3, 5])
def test_a_tier_is_held_as_by_walking_from_quarter_to_quarter(model, quarters):
    random = np.random.default_rng(quarters)
    rows, expected = [], []
    for account in range(1500):
        size = int(random.integers(1, 25))
        due = random.choice([1, 2, 3], (2, size), p=random.dirichlet([1, 1, 1]))
        is_away, is_unrated = random.random((2, size)) < random.choice([0, 0.05, 0.2])
        kept = [[None if gap else int(tier) for tier, gap in zip(line, is_away | is_unrated,
                 strict=True)] for line in due]  # fmt: skip
        held = [hold(line, quarters) for line in kept]
        for place, quarter in enumerate(quarters_from(8000, size)):
            if is_away[place]:
                continue
            own = {"account_id": f"a{account}", **quarter}
            rows.append({**own, "due_tier": kept[0][place],
                         "due_tier_without_profit": kept[1][place]})  # fmt: skip
            if not is_unrated[place]:
                expected.append((own["account_id"], own["quarter_no"],
                                 held[0][place], held[1][place]))  # fmt: skip
    due = pd.DataFrame(rows).astype({"due_tier": "Int32", "due_tier_without_profit": "Int32"})
    found = model(
        "int_tier_hold_resolve",
        int_tier_due_find=due,
        int_threshold_pivot=pd.DataFrame({"tier_hold_quarters": [quarters]}),
    )
    names = ["account_id", "quarter_no", "computed_tier", "tier_without_profit"]
    expected = pd.DataFrame(expected, columns=names).sort_values(names[:2], ignore_index=True)
    found = found[names].sort_values(names[:2], ignore_index=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_more_net_profit_alone_never_worsens_a_tier(model):
    """In each of 250 tenants one account earns more; no other number changes."""
    random = np.random.default_rng(5)
    accounts, judged, raised = [], [], {}
    for tenant in range(250):
        size = int(random.integers(1, 9))
        lucky = f"t{tenant}-a{random.integers(size)}"
        for account in (f"t{tenant}-a{number}" for number in range(size)):
            potential, strength = random.uniform(1, 10, 2)
            for quarter in quarters_from(7000 + 7 * tenant, 6):
                own = {"account_id": account, "quarter_start": quarter["quarter_start"]}
                revenue, profit = random.integers(0, 2000), random.integers(-9, 10)
                is_known = random.random() < 0.9
                accounts.append({
                    **own, "quarter_no": quarter["quarter_no"], "is_present": True,
                    "override_tier": None, "override_reason": None, "cost_to_serve_amount": 0.0,
                    "profit_months_count": 12, "held_months_count": int(not is_known),
                    "revenue_amount": float(revenue),
                    "net_profit_amount": float(profit) if is_known else None,
                })  # fmt: skip
                if account == lucky:
                    raised[len(accounts) - 1] = random.integers(0, 8)
                for axis, level in (("attractiveness", potential), ("strength", strength)):
                    rating = np.clip(random.normal(level, 1), 1, 10)
                    judged.append({**own, "axis": axis, "rating": rating, "age_quarters": 0})
    before = pd.DataFrame(accounts)
    after = before.copy()
    more = pd.Series(raised).reindex(after.index).fillna(0)
    after["net_profit_amount"] = after["net_profit_amount"] + more
    seeds = {name: pd.read_csv(PROJECT_DIR / "seeds" / f"{name}.csv")
             for name in ("tier_criteria", "tier_matrix")}  # fmt: skip
    thresholds = pd.read_csv(PROJECT_DIR / "seeds" / "thresholds.csv")
    pivot = thresholds.set_index("threshold_code")["amount"].to_frame().T.reset_index(drop=True)
    found = []
    for table in (before, after):
        due = model(
            "int_tier_due_find",
            int_tier_year_sum=table,
            int_tier_rating_resolve=pd.DataFrame(judged),
            int_threshold_pivot=pivot,
            **seeds,
        )
        held = model("int_tier_hold_resolve", int_tier_due_find=due, int_threshold_pivot=pivot)
        found.append(held.set_index(["account_id", "quarter_no"]).sort_index())
    keys = before.loc[list(raised), ["account_id", "quarter_no"]].apply(tuple, axis=1)
    poor, rich = (table.loc[list(keys), "computed_tier"] for table in found)
    assert (rich <= poor).all()
    assert (rich < poor).sum() > 50
    # the others may fall behind; without profit nothing has changed for anybody
    assert (found[1]["computed_tier"] > found[0]["computed_tier"]).any()
    assert found[1]["tier_without_profit"].equals(found[0]["tier_without_profit"])
