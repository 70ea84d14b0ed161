"""Tiers of accounts, worked out again in plain Python from landed rows and the accounts' months.

One account and quarter at a time, as a person with a pencil would; no code of the project.
"""

import pandas as pd

WEIGHTS = {"potential": 5, "revenue": 5, "net_profit": 5}
MATRIX = {
    ("high", "high"): 1, ("high", "middle"): 1, ("high", "low"): 2,
    ("middle", "high"): 1, ("middle", "middle"): 2, ("middle", "low"): 3,
    ("low", "high"): 2, ("low", "middle"): 3, ("low", "low"): 3,
}  # fmt: skip
MONEY = ["revenue_amount", "cost_to_serve_amount", "net_profit_amount"]


def hold(due: list[int | None], quarters: int) -> list[int | None]:
    """Walk along the tiers due, one a quarter: up at once, down after so many worse in a row."""
    held, worse, found = None, [], []
    for tier in due:
        if tier is None:
            held, worse = None, []
        elif held is None or tier <= held:
            held, worse = tier, []
        else:
            worse.append(tier)
            if len(worse) == quarters:
                held = min(worse)
                last = len(worse) - 1 - worse[::-1].index(held)
                worse = worse[last + 1 :]
        found.append(held)
    return found


def recount(ratings: pd.DataFrame, decisions: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """Return one row per account and quarter; the frames have dates as pandas Timestamps."""
    dated = [(ratings, "quarter_start"), (decisions, "quarter_start"), (months, "month")]
    there = {
        (account, date.to_period("Q"))
        for frame, column in dated
        for account, date in zip(frame["account_id"], frame[column], strict=True)
    }
    rows = []
    for quarter in sorted({quarter for _, quarter in there}):
        accounts = sorted(account for account, its in there if its == quarter)
        table = pd.DataFrame(
            [_known(account, quarter, ratings, decisions, months) for account in accounts]
        )
        for criterion in ("revenue", "net_profit"):
            place = table[f"{criterion}_amount"].astype(float).rank(method="average")
            size = place.count()
            table[f"{criterion}_rating"] = 5.5 + 0 * place if size == 1 else (
                1 + 9 * (place - 1) / (size - 1)
            )  # fmt: skip
        rows.append(table)
    table = pd.concat(rows, ignore_index=True)
    table["attractiveness"] = [_score(row, WEIGHTS) for _, row in table.iterrows()]
    rest = {name: weight for name, weight in WEIGHTS.items() if name != "net_profit"}
    table["attractiveness_without_profit"] = [_score(row, rest) for _, row in table.iterrows()]
    for name in ("attractiveness", "attractiveness_without_profit", "strength"):
        table[f"{name}_band"] = table[name].map(_band, na_action="ignore")
    for name, band in (("due_tier", ""), ("due_without", "_without_profit")):
        table[name] = [
            MATRIX.get((row[f"attractiveness{band}_band"], row["strength_band"]))
            for _, row in table.iterrows()
        ]
    return _walked(table)


def _known(account, quarter, ratings, decisions, months) -> dict:
    """What is known of an account for a quarter: judgements, a decision, the year's money."""
    start = quarter.start_time
    year = months[
        (months["account_id"] == account)
        & (months["month"] < start)
        & (months["month"] >= start - pd.DateOffset(years=1))
    ]
    row = {"account_id": account, "quarter": quarter, "profit_months_count": len(year)}
    row["held_months_count"] = int((~year["is_supplied"]).sum())
    for name in MONEY:
        row[name] = year[name].sum() if len(year) and year[name].notna().all() else None
    ages = []
    own = ratings[ratings["account_id"] == account]
    for axis, name in (("attractiveness", "potential_rating"), ("strength", "strength_rating")):
        said = own[own["axis"] == axis].sort_values("quarter_start")
        age = quarter.ordinal - said["quarter_start"].dt.to_period("Q").map(lambda q: q.ordinal)
        last = said[(age >= 0) & (age < 4)].assign(age=age).groupby("criterion").tail(1)
        ages += list(last["age"])
        total = (last["weight"] * last["rating"]).sum()
        row[name] = total / last["weight"].sum() if len(last) else None
    row["strength"] = None if row["strength_rating"] is None else 10 * row["strength_rating"]
    row["rating_age_quarters"] = max(ages, default=None)
    decided = decisions[
        (decisions["account_id"] == account)
        & (decisions["quarter_start"].dt.to_period("Q") == quarter)
    ]
    row["override_tier"] = decided["tier"].iloc[-1] if len(decided) else None
    row["override_reason"] = decided["reason"].iloc[-1] if len(decided) else None
    return row


def _score(row: pd.Series, weights: dict[str, int]) -> float | None:
    """Weight times rating, as a part of the most that the criteria with a rating allow."""
    rated = [name for name in weights if pd.notna(row[f"{name}_rating"])]
    if not rated:
        return None
    most = sum(10 * weights[name] for name in rated)
    return 100 * sum(weights[name] * row[f"{name}_rating"] for name in rated) / most


def _band(score: float) -> str:
    return "high" if score >= 70 else "middle" if score >= 40 else "low"


def _walked(table: pd.DataFrame) -> pd.DataFrame:
    """Follow each account through its quarters: what holds, what was decided, what came before."""
    found = []
    for _, own in table.groupby("account_id"):
        by_quarter = {row["quarter"]: row for row in own.to_dict("records")}
        first, last = min(by_quarter), max(by_quarter)
        whole = [first + n for n in range((last - first).n + 1)]
        lines = {}
        for name in ("due_tier", "due_without"):
            due = [by_quarter.get(quarter, {}).get(name) for quarter in whole]
            lines[name] = hold([None if pd.isna(tier) else int(tier) for tier in due], 2)
        before = {}
        for place, quarter in enumerate(whole):
            row = by_quarter.get(quarter)
            if row is None:
                before = {}
                continue
            row["computed_tier"] = lines["due_tier"][place]
            row["tier_without_profit"] = lines["due_without"][place]
            row["is_override"] = pd.notna(row["override_tier"])
            row["tier"] = row["override_tier"] if row["is_override"] else row["computed_tier"]
            row["prior_tier"] = before.get("tier")
            row["has_profit"] = pd.notna(row["net_profit_amount"])
            row["is_rated"] = pd.notna(row["due_tier"])
            row["changed_by_profit"] = (
                row["has_profit"] and row["computed_tier"] != row["tier_without_profit"]
            )
            row["worse_due_quarters_count"] = 0
            if row["is_rated"] and row["due_tier"] > row["computed_tier"]:
                row["worse_due_quarters_count"] = 1 + before.get("worse_due_quarters_count", 0)
            found.append(row)
            before = row
    return pd.DataFrame(found)
