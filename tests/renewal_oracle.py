"""Components of health, health itself and the chance of renewal, by pandas from landed tables.

`renewal_landed.py` reads the tables. A day is measured at its end, with what was known then.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from renewal_landed import known, seed, threshold

ROLES = ("manager", "program_owner", "hr_leader", "executive_sponsor")
ENDED = ("completed", "withdrawn", "failed")
DAY = pd.Timedelta(days=1)


def measured(it: SimpleNamespace, day: pd.Timestamp) -> dict[str, dict[str, float]]:
    """Return the four components that come from the files themselves: by code and account."""
    before = day + DAY
    return {
        "sponsor_satisfaction": sponsors(it, day, before),
        "reporting_quality": reports(it, before),
        "participant_health": participants(it, before),
        "stakeholder_coverage": conversations(it, day, before),
    }


def sponsors(it: SimpleNamespace, day: pd.Timestamp, before: pd.Timestamp) -> dict[str, float]:
    """The mean of the sponsors' answers, one that is a half-life older counting half."""
    items = seed("survey_items").query("is_confidence")["item_code"]
    rows = it.survey_response
    rows = rows[rows["chain_role"].eq("executive_sponsor") & rows["item_code"].isin(items)]
    rows = known(rows, "survey_response", before)
    since = before - threshold("confidence_window_days") * DAY
    rows = rows[(rows["responded_at"] < before) & (rows["responded_at"] >= since)]
    score = 100 * (rows["score"] - rows["scale_min"]) / (rows["scale_max"] - rows["scale_min"])
    age = (day - rows["responded_at"].dt.normalize()) / DAY
    weight = 0.5 ** (age / threshold("confidence_half_life_days"))
    person = rows["respondent_key"].fillna(rows["participant_id"]).fillna(rows["response_id"])
    rows = rows.assign(weight=weight, weighted=weight * score, person=person)
    rows = rows[score.between(0, 100)]
    found = {}
    for account, answers in rows.groupby("account_id"):
        enough = answers["response_id"].nunique() >= threshold("survey_people_least")
        by_person = answers.groupby("person")["weight"].sum()
        effective = by_person.sum() ** 2 / (by_person**2).sum()
        if enough and effective >= threshold("chain_pair_least") - 1e-9:
            found[account] = answers["weighted"].sum() / answers["weight"].sum()
    return found


def reports(it: SimpleNamespace, before: pd.Timestamp) -> dict[str, float]:
    """The mean of four shares of the reports that were due lately; what nobody opened counts 0."""
    rows = known(it.report_delivery, "report_delivery", before)
    since = before - threshold("reporting_window_days") * DAY
    rows = rows[(rows["due_at"] < before) & (rows["due_at"] >= since)]
    found = {}
    for account, due in rows.groupby("account_id"):
        opened = due[due["opened_at"] < before]
        shares = [(due["delivered_at"] <= due["due_at"]).mean(), len(opened) / len(due), 0.0, 0.0]
        if len(opened):
            shares[2] = 1 - opened["disputed"].eq(True).mean()
            shares[3] = (opened["acted_at"] < before).mean()
        found[account] = float(np.mean(shares))
    return found


def participants(it: SimpleNamespace, before: pd.Timestamp) -> dict[str, float]:
    """The completed of the enrollments that ended lately, by the last word on each."""
    people = known(it.participant, "participant", before).set_index("participant_id")
    booked = known(it.enrollment, "enrollment", before).set_index("enrollment_id")
    rows = known(it.enrollment_status, "enrollment_status", before)
    rows = rows[rows["effective_at"] < before]
    rows = rows.assign(
        account_id=rows["enrollment_id"].map(booked["participant_id"]).map(people["account_id"]),
        is_completed=rows["status"].eq("completed"),
        is_exit=rows["status"].isin([*ENDED, "transferred", "cancelled"]),
    )
    order = ["is_completed", "effective_at", "entered_at", "is_exit", "status_event_id"]
    last = rows.dropna(subset="account_id").sort_values(order, na_position="first")
    last = last.drop_duplicates("enrollment_id", keep="last")
    since = before - threshold("participant_window_days") * DAY
    last = last[last["status"].isin(ENDED) & (last["effective_at"] >= since)]
    shares = last.groupby("account_id")["is_completed"].agg(["mean", "size"])
    return shares.loc[shares["size"] >= threshold("minimum_observations"), "mean"].to_dict()


def conversations(it: SimpleNamespace, day: pd.Timestamp, before: pd.Timestamp) -> dict[str, float]:
    """The mean over four roles of the share of contacts who spoke lately; no contact: 0."""
    talks = known(it.touchpoint, "touchpoint", before)
    since = before - threshold("touch_active_days") * DAY
    talks = talks[talks["two_way"].eq(True) & talks["held_at"].between(since, before, "left")]
    rows = known(it.contact, "contact", before)
    rows = rows[(rows["valid_from"] <= day) & ~(rows["valid_to"] < day)]
    rows = rows[rows["chain_role"].isin(ROLES)]
    rows = rows.assign(spoke=rows["contact_id"].isin(talks["contact_id"]))
    shares = rows.groupby(["account_id", "chain_role"])["spoke"].mean()
    return (shares.groupby("account_id").sum() / len(ROLES)).to_dict()


def points(code: str, value: float) -> float:
    """Return a component's value as whole points of 0 to 100, a half upwards."""
    low, high = seed("health_components").set_index("component_code").loc[
        code, ["low_value", "high_value"]
    ]  # fmt: skip
    whole = round(float(np.clip(100 * (value - low) / (high - low), 0, 100)), 9)
    return float(np.floor(whole + 0.5))


def weights(day: pd.Timestamp) -> pd.Series:
    """Return the weights in force on a day, by component."""
    table = seed("health_weights")
    version = table.loc[pd.to_datetime(table["valid_from"]) <= day, "version"].max()
    return table[table["version"] == version].set_index("component_code")["weight"]


def health(scores: dict[str, float], day: pd.Timestamp) -> tuple[float, float]:
    """Return health, to four digits, and the share of the weights known; NaN where too little."""
    weight = weights(day)
    supplied = sum(weight[code] for code in scores)
    coverage = supplied / weight.sum()
    if coverage < threshold("health_coverage_least"):
        return np.nan, coverage
    total = sum(weight[code] * score for code, score in scores.items())
    return round(total / supplied, 4), coverage


def band(score: float) -> str:
    """Return the color of a health score."""
    if np.isnan(score):
        return "unknown"
    if score >= threshold("health_green_least"):
        return "green"
    return "amber" if score >= threshold("health_amber_least") else "red"


def chance(it: SimpleNamespace, bands: dict[tuple, str], color: str, horizon: int, day) -> float:
    """Return the chance of a band so long before the end, by the decisions known on the day.

    `bands` has the band of each contract (first) and horizon (second) at which it was undecided.
    """
    before, least = day + DAY, threshold("renewal_minimum_decisions")
    decided = known(it.renewal_decision, "renewal_decision", before)
    decided = decided[decided["decided_on"] <= day]
    decided = decided[
        decided["contract_id"].isin(known(it.contract, "contract", before)["contract_id"])
    ]
    if len(decided) < least:
        return np.nan
    renewed = decided["decision"].ne("churned")
    alike = [bands.get((contract, horizon)) == color for contract in decided["contract_id"]]
    prior = threshold("renewal_prior_count")
    of_all = (renewed.sum() + 1) / (len(renewed) + 2)
    return (renewed[alike].sum() + prior * of_all) / (sum(alike) + prior)
