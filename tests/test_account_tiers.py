"""Tiers of the demo tenant's accounts: every number worked out again from the landed files."""

import re

import numpy as np
import pandas as pd
import pytest
from landed_files import is_good
from tier_recount import MONEY, recount

AS_OF = pd.Timestamp("2026-06-30")
REASONS = re.compile(
    r"(first placed: no tier in the quarter before|unchanged|(up|down) from [123]"
    r"|back from [123]: the tier set by hand has ended|held: worse due for \d quarters?)"
    r"(; the same without profit|; profit moved it from [123] to [123]"
    r"|; net profit left out: none known of the year before)"
    r"(; \d+ months? of profit and loss)?(; judged (a|\d) quarters? ago)?"
)


@pytest.fixture(scope="module")
def marts(demo_release):
    """A function that reads a table of the release."""
    return lambda table: pd.read_parquet(demo_release / "marts" / f"{table}.parquet")


@pytest.fixture(scope="module")
def months(marts) -> pd.DataFrame:
    """The accounts' months of the release, with dates that pandas counts with."""
    table = marts("rpt_account_profitability")
    return table.assign(month=pd.to_datetime(table["month"]))


@pytest.fixture(scope="module")
def tiers(marts) -> pd.DataFrame:
    table = marts("rpt_account_tiers")
    table["quarter"] = pd.to_datetime(table["quarter_start"]).dt.to_period("Q")
    return table.sort_values(["account_id", "quarter"], ignore_index=True)


@pytest.fixture(scope="module")
def again(landed, months) -> pd.DataFrame:
    def rows(entity: str, numbers: str) -> pd.DataFrame:
        table = landed.sql(f"""
            select distinct account_id, quarter_start::timestamp as quarter_start, {numbers}
            from "{entity}" where {is_good(landed, entity)}
        """).df()  # fmt: skip
        return table[table["quarter_start"] <= AS_OF]

    ratings = rows("account_rating", "axis, criterion, weight::double as weight, "
                   "rating::double as rating")  # fmt: skip
    decisions = rows("tier_decision", "tier::int as tier, reason")
    assert len(ratings) > 2000
    assert len(decisions) > 10
    known = months[months["month"] <= AS_OF]
    table = recount(ratings, decisions, known.astype(dict.fromkeys(MONEY, float)))
    return table.sort_values(["account_id", "quarter"], ignore_index=True)


def test_every_number_of_the_tiers_is_that_of_a_plain_walk_through_the_landed_files(tiers, again):
    assert len(tiers) > 350
    assert tiers[["account_id", "quarter"]].equals(again[["account_id", "quarter"]])
    exact = ["due_tier", "computed_tier", "tier_without_profit", "tier", "prior_tier",
             "override_tier", "rating_age_quarters", "worse_due_quarters_count",
             "profit_months_count", "held_months_count"]  # fmt: skip
    close = ["attractiveness", "attractiveness_without_profit", "strength", "potential_rating",
             "revenue_rating", "net_profit_rating", *MONEY]  # fmt: skip
    for name in exact + close:
        found, expected = tiers[name].astype(float), again[name].astype(float)
        np.testing.assert_allclose(found, expected, atol=1e-6, err_msg=name)
    for name in ("changed_by_profit", "is_override", "is_rated", "has_profit"):
        assert tiers[name].tolist() == again[name].tolist(), name
    for name in ("attractiveness_band", "strength_band", "override_reason"):
        expected = again[name].where(again[name].notna(), None)
        assert tiers[name].where(tiers[name].notna(), None).tolist() == expected.tolist(), name


def test_tiers_are_there_to_be_told_apart(tiers):
    """What the other tests compare must occur, or they compare nothing."""
    assert set(tiers["tier"].dropna()) == {1, 2, 3}
    assert tiers["is_override"].sum() >= 10
    assert tiers["changed_by_profit"].sum() >= 50
    assert (tiers["computed_tier"] < tiers["due_tier"]).sum() >= 10
    assert (tiers["tier"] > tiers["prior_tier"]).sum() >= 5
    assert (~tiers["is_rated"]).sum() >= 1


def test_a_tier_set_by_hand_has_its_landed_reason_and_every_other_one_in_plain_words(tiers):
    by_hand = tiers[tiers["is_override"]]
    assert (by_hand["tier"] == by_hand["override_tier"]).all()
    assert (by_hand["reason"] == by_hand["override_reason"]).all()
    assert by_hand["reason"].str.contains("<i>", regex=False).any()
    for row in tiers[~tiers["is_override"]].itertuples():
        if not row.is_rated:
            assert row.reason.startswith("not rated: no rating of "), row.reason
            continue
        assert REASONS.fullmatch(row.reason), row.reason
        moved = f"profit moved it from {row.tier_without_profit:.0f} to {row.computed_tier:.0f}"
        assert (moved in row.reason) == row.changed_by_profit
        worse = row.worse_due_quarters_count
        said = re.search(r"held: worse due for (\d)", row.reason)
        assert said is None or int(said[1]) == worse


def test_each_move_between_quarters_is_counted_once_with_its_profit(marts, tiers, months):
    moves = marts("rpt_tier_migration").set_index(["quarter_start", "from_tier", "to_tier"])
    codes = tiers["tier"].map(lambda tier: "unrated" if pd.isna(tier) else str(int(tier)))
    code = dict(zip(zip(tiers["account_id"], tiers["quarter"], strict=True), codes, strict=True))
    flags = tiers.set_index(["account_id", "quarter"])
    expected = {}
    for quarter in sorted(set(tiers["quarter"])):
        for account in sorted(set(tiers["account_id"])):
            ends = code.get((account, quarter - 1), "new"), code.get((account, quarter), "left")
            if ends == ("new", "left"):
                continue
            own, start = months[months["account_id"] == account], quarter.start_time
            year = pd.DateOffset(years=1)
            before = own[(own["month"] >= start - year) & (own["month"] < start)]
            after = own[(own["month"] >= start) & (own["month"] < start + year)]
            is_over = start + year <= AS_OF + pd.Timedelta(days=1)
            line = expected.setdefault((start.date(), *ends), np.zeros(6))
            line += [
                1,
                *(flags.loc[(account, quarter), ["is_override", "changed_by_profit"]]
                  if ends[1] != "left" else (0, 0)),
                float(before["net_profit_amount"].astype(float).sum()),
                int(is_over),
                float(after["net_profit_amount"].astype(float).sum()) if is_over else 0,
            ]  # fmt: skip
    assert set(moves.index) == set(expected)
    assert len({ends[1:] for ends in expected}) >= 10
    for ends, line in expected.items():
        row = moves.loc[ends]
        found = row[["accounts_count", "override_count", "changed_by_profit_count"]].tolist()
        assert found == line[:3].tolist(), ends
        assert float(row["net_profit_before_amount"] or 0) == pytest.approx(line[3], abs=1e-6)
        assert row["known_after_count"] == line[4]
        after = row["net_profit_after_amount"]
        assert (float(after) if line[4] else after) == (
            pytest.approx(line[5], abs=1e-6) if line[4] else None
        )


def test_shares_of_a_tier_are_its_part_of_all_accounts_with_a_known_profit(marts, tiers):
    shares = marts("rpt_tier_shares").set_index(["quarter_start", "tier"])
    assert len(shares) == 4 * tiers["quarter"].nunique()
    for (start, tier), row in shares.iterrows():
        there = tiers[tiers["quarter_start"] == start]
        is_in = there["tier"].isna() if tier == "unrated" else there["tier"] == float(tier[-1])
        known = there["has_profit"]
        assert row["accounts_count"] == is_in.sum()
        assert row["known_count"] == (is_in & known).sum()
        for name in ("revenue", "cost_to_serve", "net_profit"):
            amounts = there[f"{name}_amount"].astype(float)
            part, total = amounts[is_in & known].sum(), amounts[known].sum()
            if is_in.any() and not (is_in & known).any():
                assert row[f"{name}_amount"] is None
                assert np.isnan(row[f"{name}_share"])
                continue
            assert float(row[f"{name}_amount"]) == pytest.approx(part, abs=1e-6)
            share = row[f"{name}_share"]
            assert share == pytest.approx(part / total) if total > 0 else np.isnan(share)


def test_the_cells_of_the_matrix_hold_every_rated_account_between_their_bounds(marts, tiers):
    cells = marts("rpt_tier_cells")
    assert len(cells) == 9 * tiers["quarter"].nunique()
    rated = tiers[tiers["is_rated"]]
    for cell in cells.itertuples():
        is_in = (
            (rated["quarter_start"] == cell.quarter_start)
            & rated["attractiveness"].ge(cell.attractiveness_from)
            & (rated["attractiveness"].lt(cell.attractiveness_to) | (cell.attractiveness_to == 100))
            & rated["strength"].ge(cell.strength_from)
            & (rated["strength"].lt(cell.strength_to) | (cell.strength_to == 100))
        )
        assert cell.accounts_count == is_in.sum()
        assert cell.changed_by_profit_count == rated.loc[is_in, "changed_by_profit"].sum()
        assert (rated.loc[is_in, "due_tier"] == cell.tier).all()
    assert cells["accounts_count"].sum() == len(rated)
