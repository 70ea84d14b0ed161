"""The people at the employers, as the demo tenant draws them: contract, chain, renewals, surveys.

Expected values come from the parameters or are computed here anew; tolerances are standard errors.
"""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import yaml
from scipy.stats import rankdata

from orchestration.contract import read_contract
from sample_data.draw import Columns
from sample_data.render import as_text
from sample_data.stakeholders.chain import draw_chain
from sample_data.stakeholders.contracts import draw_contracts
from sample_data.stakeholders.surveys import CAUSE_ITEMS, ITEMS
from sample_data.stakeholders.tables import account_tables, survey_response, truth
from sample_data.stakeholders.truths import ROLES
from sample_data.truths import Truths
from sample_data.world import make_world

SOURCES = Path(__file__).parent.parent / "models" / "staging"
TRUTHS = Truths()
OWN = TRUTHS.stakeholders
SEEDS = range(10)
LAST_DAY = date(2026, 6, 30)


@cache
def world(seed: int):
    return make_world(TRUTHS, seed, 1)


@cache
def columns(seed: int) -> dict[str, Columns]:
    """The account-level entities, and with them the surveys of made-up participants."""
    drawn = account_tables(world(seed), None)
    parts = [drawn["survey_response"]]
    parts += [survey_response(world(seed), block) for block in blocks(seed)]
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return {**drawn, "survey_response": joined}


@cache
def tables(seed: int) -> dict[str, pd.DataFrame]:
    return {entity: pd.DataFrame(drawn) for entity, drawn in columns(seed).items()}


def blocks(seed: int):
    """One block an account: a tenth of the workers learn, 20 to 200 days from some day on."""
    rng = np.random.default_rng(seed)
    for number, account in enumerate(TRUTHS.accounts):
        workers, size = account.workers, account.workers // 10
        start = np.datetime64("2023-07-10") + rng.integers(0, 1_080, size)
        yield SimpleNamespace(
            number=number,
            account=number,
            participant_id=np.array([f"pt-{number}-{n}" for n in range(size)], dtype=object),
            participant_worker=rng.integers(0, workers, size),
            start=start,
            journeys=SimpleNamespace(
                participant=np.arange(size),
                end_day=rng.integers(20, 200, size),
                is_parked=rng.random(size) < 0.02,
            ),
            workforce=SimpleNamespace(
                worker_id=np.array([f"wk-{number}-{n}" for n in range(workers)], dtype=object),
                manager=rng.integers(-1, workers, workers),
                hire_date=np.full(workers, np.datetime64("2020-01-01")),
                termination_date=np.full(workers, np.datetime64("NaT", "D")),
            ),
        )


def contract_of() -> dict[str, dict]:
    """The input contract: each entity's meta and columns."""
    found = {}
    for path in SOURCES.glob("*/raw_*.yml"):
        for table in yaml.safe_load(path.read_text())["sources"][0]["tables"]:
            columns = {c["name"]: c for c in table["columns"]}
            found[table["name"]] = {"meta": table["config"]["meta"], "columns": columns}
    return found


CONTRACT = contract_of()
LANDED = {entity.name: entity for entity in read_contract()}
ENTITIES = (
    "contract", "renewal_decision", "opportunity", "contact", "touchpoint", "governance_meeting",
    "survey_response", "report_delivery", "goal", "program_goal", "verified_outcome",
    "priority_vote", "objective", "key_result", "key_result_checkin", "assessment_answer",
    "account_rating", "tier_decision", "intervention",
)  # fmt: skip
PARSERS = {
    "bigint": int,
    "date": date.fromisoformat,
    "timestamp": lambda text: datetime.fromisoformat(text.removesuffix("Z")),
    "boolean": {"true": True, "false": False}.__getitem__,
    "string": str,
}


def landed(entity: str) -> dict[str, list[str]]:
    """The columns of an entity as text, as a file shows them."""
    return shown(entity, columns(0)[entity])


def shown(entity: str, drawn: Columns) -> dict[str, list[str]]:
    table = as_text(LANDED[entity], drawn).to_pydict()
    return {name: [value or "" for value in values] for name, values in table.items()}


def test_all_entities_are_drawn():
    assert set(tables(0)) == set(ENTITIES)
    assert all(len(tables(0)[entity]) for entity in ENTITIES)


@pytest.mark.parametrize("entity", ENTITIES)
def test_rows_keep_the_contract(entity):
    rows, wanted = landed(entity), CONTRACT[entity]
    assert list(rows) == list(wanted["columns"])
    for name, values in rows.items():
        column = wanted["columns"][name]
        meta = column.get("config", {}).get("meta", {})
        kind = "decimal" if column["data_type"].startswith("decimal") else column["data_type"]
        parse = Decimal if kind == "decimal" else PARSERS[kind]
        known = [parse(value) for value in values if value]
        assert known, f"{name} is empty everywhere"
        assert not meta.get("required") or len(known) == len(values), name
        assert set(known) <= set(meta.get("in", known)), name
        assert all(meta.get("min", v) <= v <= meta.get("max", v) for v in set(known)), name
        if meta.get("ref") in tables(0):
            assert set(known) <= set(tables(0)[meta["ref"]][f"{meta['ref']}_id"]), name
        if meta.get("ref") == "account":
            assert set(known) <= {a.account_id for a in TRUTHS.accounts}
        if meta.get("ref") == "program":
            assert set(known) <= {p.program_id for p in TRUTHS.programs}
    keys = list(zip(*(rows[name] for name in wanted["meta"]["key"]), strict=True))
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("entity", ENTITIES)
def test_nothing_is_known_after_the_last_day(entity):
    rows, meta = landed(entity), CONTRACT[entity]["meta"]
    times = {meta.get("known_at"), meta.get("event_time")}
    times |= {n for n in rows if n.endswith("_at") and n not in ("planned_at", "due_at")}
    times |= {"valid_from", "valid_to", "held_on", "closed_on", "quarter_start"}
    for name in times & set(rows):
        assert max(rows[name])[:10] <= LAST_DAY.isoformat(), name


def test_the_seed_alone_decides():
    again = account_tables(make_world(TRUTHS, 0, 5), None)
    again["survey_response"] = survey_response(world(0), next(blocks(0)))
    first = {**account_tables(world(0), None)}
    first["survey_response"] = survey_response(make_world(TRUTHS, 0, 1), next(blocks(0)))
    for entity in ENTITIES:
        text = shown(entity, again[entity])
        assert text == shown(entity, first[entity]), entity
        assert text != shown(entity, columns(1)[entity]), entity


def test_confidence_flows_by_the_equation_that_is_known():
    """Pooled regression of the true series: intercept, both coefficients and the noise."""
    truths = replace(TRUTHS, stakeholders=replace(OWN, account_sd=0.0, sponsor_change_account=""))
    chains = [draw_chain(truths, seed).confidence for seed in range(10)]
    series = np.concatenate([np.stack([c[role] for role in ROLES], axis=1) for c in chains])
    for k in range(1, len(ROLES)):
        before, lag = series[:, k - 1], OWN.lag[k]
        rows = [series[:, k, 4:], before[:, 4 - lag : 36 - lag], series[:, k, 3:-1]]
        own, upstream, kept = (values.ravel() for values in rows)
        inside = (own > 0) & (own < 100)
        fit = sm.OLS(own[inside], sm.add_constant(np.c_[upstream, kept][inside])).fit()
        level = OWN.level[k] * (1 - OWN.gamma[k]) - OWN.beta[k] * OWN.level[k - 1]
        expected = np.array([level, OWN.beta[k], OWN.gamma[k]])
        assert np.abs((fit.params - expected) / fit.bse).max() < 4, ROLES[k]
        assert np.sqrt(fit.scale) == pytest.approx(OWN.noise_sd[k], rel=0.03)


def panel(seed: int) -> dict[str, np.ndarray]:
    """Mean confidence by account and month as surveys tell it, where at least two answered."""
    rows = tables(seed)["survey_response"]
    rows = rows[rows["survey_code"].str.endswith("_pulse") & (rows["chain_role"] != "staff")]
    scaled = (rows["score"] - rows["scale_min"]) / (rows["scale_max"] - rows["scale_min"]) * 100
    month = rows["responded_at"].dt.year * 12 + rows["responded_at"].dt.month - (2023 * 12 + 7)
    ids = {a.account_id: n for n, a in enumerate(TRUTHS.accounts)}
    cells = pd.DataFrame(
        {"role": rows["chain_role"], "account": rows["account_id"].map(ids), "month": month,
         "score": scaled, "is_one": rows["item_code"] == "confidence"}
    ).groupby(["role", "account", "month"])  # fmt: skip
    means = cells.agg(score=("score", "mean"), answers=("is_one", "sum")).reset_index()
    found = {role: np.full((len(ids), 36), np.nan) for role in ROLES}
    least = {"participant": 8, "manager": 8}
    for role, of_role in means.groupby("role"):
        sure = of_role[of_role["answers"] >= least.get(role, 2)]
        found[role][sure["account"], sure["month"]] = sure["score"]
    return found


def link(series: dict[str, np.ndarray], k: int, lag: int):
    """Regress a role on the role before, `lag` months ago, and on itself, within accounts."""
    own, before = series[ROLES[k]], series[ROLES[k - 1]]
    rows = [own[:, 4:], before[:, 4 - lag : 36 - lag], own[:, 3:-1]]
    account = np.repeat(np.arange(len(own)), 32)
    frame = pd.DataFrame(np.column_stack([r.ravel() for r in rows])).dropna()
    within = frame - frame.groupby(account[frame.index]).transform("mean")
    return sm.OLS(within[0], within[[1, 2]]).fit()


@pytest.mark.parametrize("k", range(1, len(ROLES)), ids=ROLES[1:])
def test_a_panel_regression_of_survey_means_finds_coefficient_and_lag(k):
    found, inside, lags = [], 0, []
    for seed in SEEDS:
        fits = [link(panel_of(seed), k, lag) for lag in range(5)]
        lags.append(int(np.argmax([fit.rsquared for fit in fits])))
        fit = fits[OWN.lag[k]]
        found.append(fit.params[1])
        low, high = fit.conf_int().loc[1]
        inside += low <= OWN.beta[k] <= high
    error = np.std(found, ddof=1) / np.sqrt(len(found))
    # answers are noisy: up to 8 % of the coefficient is lost to noise in the role before
    assert np.mean(found) - 4 * error < OWN.beta[k] < np.mean(found) / 0.92 + 4 * error
    assert lags.count(OWN.lag[k]) >= len(lags) - 1
    assert inside >= 0.75 * len(found)  # 0.95 of 10, less 3 standard errors


@cache
def panel_of(seed: int) -> dict[str, np.ndarray]:
    return panel(seed)


def decisions(seeds) -> pd.DataFrame:
    """Every decision with the true probability, computed anew from chain and parameters."""
    found, own = [], OWN
    for seed in seeds:
        chain = draw_chain(TRUTHS, seed)
        for term in draw_contracts(TRUTHS, chain, seed).rows:
            if term.decision is None:
                continue
            day = np.datetime64(term.ends_on) - 90
            month = (day.astype("datetime64[M]") - np.datetime64("2023-07", "M")).astype(int)
            sponsor = chain.confidence["executive_sponsor"][term.account, month]
            score = own.renewal_intercept
            score += own.renewal_per_outcome * TRUTHS.accounts[term.account].outcome_quality
            score += own.renewal_per_sponsor * (sponsor - own.renewal_sponsor) / 10
            chance = (1 - own.chance_share) / (1 + np.exp(-score))
            chance += own.chance_share * own.chance_rate
            found.append((seed, chance, term.probability, term.decision, term.decided_on, day))
    names = ["seed", "expected", "drawn_with", "decision", "decided_on", "day"]
    return pd.DataFrame(found, columns=names)


def test_decisions_follow_the_known_function():
    found = decisions(range(150))
    np.testing.assert_allclose(found["drawn_with"], found["expected"], atol=1e-9)
    found["renewed"] = found["decision"] != "churned"
    bins = found.groupby(pd.qcut(found["expected"], 12), observed=True)
    for _, rows in bins:
        spread = np.sqrt((rows["expected"] * (1 - rows["expected"])).sum())
        assert abs(rows["renewed"].sum() - rows["expected"].sum()) < 4 * spread
    renewed = found[found["renewed"]]
    for decision, share in (("expanded", OWN.expanded_share), ("contracted", OWN.contracted_share)):
        error = np.sqrt(share * (1 - share) / len(renewed))
        assert (renewed["decision"] == decision).mean() == pytest.approx(share, abs=4 * error)
    assert 0.80 < found["renewed"].mean() < 0.90
    assert 65 < len(found) / 150 < 95
    days = (found["decided_on"].map(np.datetime64) - found["day"]).dt.days
    assert days.min() > 0  # the sponsor's confidence that decides lies before the decision


def test_truth_says_how_well_decisions_can_be_foretold():
    said = truth(world(0), None)["renewal"]
    rows = tables(0)["renewal_decision"].set_index("contract_id")
    assert set(said["probability"]) == set(rows.index)
    chance = rows.index.map(said["probability"]).to_numpy(dtype=float)
    renewed = (rows["decision"] != "churned").to_numpy()
    ranks, ones, zeros = rankdata(chance), renewed.sum(), (~renewed).sum()
    auc = (ranks[renewed].sum() - ones * (ones + 1) / 2) / (ones * zeros)
    assert said["best_auc"] == pytest.approx(auc)
    assert said["expected_brier"] == pytest.approx(np.mean(chance * (1 - chance)))


def test_who_is_served_is_what_the_contracts_say():
    rows, ids = tables(0)["contract"], [a.account_id for a in TRUTHS.accounts]
    served = np.zeros((len(ids), 36), dtype=bool)
    for row in rows.itertuples():
        for month in range(36):
            end = np.datetime64("2023-07", "M") + month + 1
            day = end.astype("datetime64[D]") - 1
            served[ids.index(row.account_id), month] |= row.starts_on <= day <= row.ends_on
    np.testing.assert_array_equal(world(0).contracts.served, served)
    churned = tables(0)["renewal_decision"].query("decision == 'churned'")["contract_id"]
    successors = set(rows["previous_contract_id"])
    assert len(churned)
    assert not set(churned) & successors
    for before, after in pairwise(rows.itertuples()):
        if after.previous_contract_id == before.contract_id:
            assert (after.starts_on - before.ends_on).days == 1


def test_troubled_and_long_known_accounts_are_served_to_the_end():
    for seed in SEEDS:
        served = world(seed).contracts.served
        for place, account in enumerate(TRUTHS.accounts):
            if account.bottleneck or account.account_id in OWN.long_term_accounts:
                first = (account.customer_since.year - 2023) * 12 + account.customer_since.month - 7
                assert served[place, max(first, 0) :].all(), account.account_id


def test_one_account_comes_back_after_a_gap():
    for seed in SEEDS:
        (account,) = truth(world(seed), None)["renewal"]["gap_accounts"]
        series = world(seed).contracts.served[world(seed).account_index(account)]
        ends = np.flatnonzero(series[:-1] & ~series[1:])
        starts = np.flatnonzero(~series[:-1] & series[1:])
        assert OWN.gap_months in [s - e for e in ends for s in starts]


def test_the_new_sponsor_breaks_the_story_within_two_months():
    account, month = OWN.sponsor_change_account, np.datetime64(OWN.sponsor_change_month, "M")
    first = int((month - np.datetime64("2023-07", "M")).astype(int))
    seen = 0
    for seed in SEEDS:
        place, means = world(seed).account_index(account), panel_of(seed)
        window = slice(first, first + 2)
        high, low = means["hr_leader"][place, window], means["executive_sponsor"][place, window]
        seen += bool((high >= OWN.break_high).all() and (low <= OWN.break_low).all())
        contacts = tables(seed)["contact"].query(
            "account_id == @account and chain_role == 'executive_sponsor'"
        )
        assert (contacts["valid_from"] == month.astype("datetime64[D]")).any()
        reports = tables(seed)["report_delivery"].query(
            "account_id == @account and chain_role == 'executive_sponsor'"
        )
        late = (
            reports["due_at"]
            .dt.to_period("M")
            .between(pd.Period(str(month)), pd.Period(str(month + 2)))
        )
        assert late.any()
        assert reports.loc[late, "opened_at"].isna().all()
        said = truth(world(seed), None)
        assert any(
            b["account_id"] == account and b["to_role"] == "executive_sponsor"
            and str(month) in b["months"] and str(month + 1) in b["months"]
            for b in said["breaks"]
        )  # fmt: skip
    assert seen >= len(SEEDS) - 2  # a month in which nobody answers is possible


def test_breaks_are_those_of_the_definition():
    for seed in SEEDS:
        found = set()
        for upper, lower in pairwise(ROLES):
            chain = world(seed).chain.confidence
            apart = (chain[upper] >= OWN.break_high) & (chain[lower] <= OWN.break_low)
            for place, month in np.argwhere(apart[:, 1:] & apart[:, :-1]):
                for m in (month, month + 1):
                    if world(seed).contracts.served[place, m]:
                        account = TRUTHS.accounts[place].account_id
                        found.add((account, lower, str(np.datetime64("2023-07", "M") + m)))
        said = truth(world(seed), None)["breaks"]
        assert {(b["account_id"], b["to_role"], m) for b in said for m in b["months"]} == found


def test_surveys_of_troubled_accounts_name_the_cause():
    rows = tables(0)["survey_response"]
    rows = rows[rows["survey_code"].isin(["participant_pulse", "manager_pulse"])]
    scaled = (rows["score"] - rows["scale_min"]) / (rows["scale_max"] - rows["scale_min"]) * 100
    means = scaled.groupby([rows["survey_code"], rows["account_id"], rows["item_code"]]).mean()
    for account in TRUTHS.accounts:
        lowered = CAUSE_ITEMS.get(account.bottleneck, ())
        for survey in ("participant_pulse", "manager_pulse"):
            if (survey, account.account_id) not in means.index.droplevel(2):
                continue
            of_survey = means[survey][account.account_id]
            others = of_survey.drop([*lowered, "nps"], errors="ignore")
            if account.workers >= 1_000:
                assert others.max() - others.min() < 8, account.account_id
                if "nps" in of_survey:  # cut off at 100 where confidence is high
                    above = of_survey["nps"] - others.mean()
                    assert OWN.nps_shift - 4 < above < OWN.nps_shift + 2, account.account_id
            for item in set(lowered) & set(ITEMS[survey]):
                drop = of_survey[item] - others.mean()
                assert drop == pytest.approx(OWN.cause_shift, abs=4), account.account_id


def test_fewer_answer_where_confidence_is_low():
    """Contacts asked each month against those who answered, by the role's true confidence."""
    asked, answered, latent = [], [], []
    for seed in SEEDS:
        contacts, rows = tables(seed)["contact"], tables(seed)["survey_response"]
        owners = contacts[contacts["chain_role"] == "program_owner"]
        months = world(seed).months.astype("datetime64[D]") + 4
        known = rows[rows["survey_code"] == "program_owner_pulse"]
        times = known["responded_at"].dt.strftime("%Y-%m")
        seen = set(zip(known["respondent_key"], times, strict=True))
        for owner in owners.itertuples():
            place = world(seed).account_index(owner.account_id)
            there = (months >= owner.valid_from) & ~(months > owner.valid_to)
            for month in np.flatnonzero(there & world(seed).contracts.served[place]):
                asked.append(1.0)
                latent.append(world(seed).chain.confidence["program_owner"][place, month])
                answered.append((owner.contact_id, str(months[month])[:7]) in seen)
    fit = sm.OLS(np.array(answered, dtype=float), np.c_[asked, (np.array(latent) - 65) / 10]).fit()
    share, slope = OWN.response_rate[ROLES.index("program_owner")], OWN.response_per_10
    assert np.abs((fit.params - [share, slope]) / fit.bse).max() < 4


def test_shares_of_the_other_entities_are_as_said():
    rows = {entity: pd.concat([tables(s)[entity] for s in SEEDS]) for entity in ENTITIES}
    cases = rows["intervention"].dropna(subset=["located_at", "started_at"])
    first = cases["located_at"] < cases["started_at"]
    reports = rows["report_delivery"].dropna(subset=["delivered_at"])
    on_time = reports["delivered_at"] <= reports["due_at"]
    quarters = rows["account_rating"].groupby(["account_id", "quarter_start"]).size()
    checks = (
        (first.sum(), len(first), OWN.located_first_share),
        (on_time.sum(), len(on_time), OWN.report_on_time_share),
        (len(rows["tier_decision"]), rows["account_rating"].shape[0] / 6, OWN.override_share),
    )
    assert (quarters % 6 == 0).all()
    for count, size, share in checks:
        assert count / size == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / size))


def test_key_results_end_where_they_are_said_to_end():
    ends = []
    for seed in SEEDS:
        checks = tables(seed)["key_result_checkin"].merge(
            tables(seed)["key_result"], on="key_result_id"
        )
        checks = checks[checks["due_date"] <= pd.Timestamp(LAST_DAY)]
        last = checks.sort_values("checked_in_at").groupby("key_result_id").last()
        near = last[(last["due_date"] - last["checked_in_at"]).dt.days < 14]
        value, base, target = (near[c].astype(float) for c in ("value", "baseline", "target"))
        ends += list((value - base) / (target - base))
    error = OWN.key_result_sd / np.sqrt(len(ends))
    # the last check-in is up to two weeks before the end: of a half-year, at most 7 % of the way
    assert OWN.key_result_attainment * 0.93 - 4 * error < np.mean(ends)
    assert np.mean(ends) < OWN.key_result_attainment + 4 * error


def test_verified_outcomes_follow_the_outcome_quality():
    share, reached, quality = [], [], {a.account_id: a.outcome_quality for a in TRUTHS.accounts}
    for seed in SEEDS:
        both = tables(seed)["goal"].merge(
            tables(seed)["verified_outcome"], on=["goal_id", "account_id"]
        )
        actual, base, target = (both[c].astype(float) for c in ("actual", "baseline", "target"))
        reached += list((actual - base) / (target - base))
        share += list(both["account_id"].map(quality))
    fit = sm.OLS(reached, sm.add_constant(np.array(share))).fit()
    expected = [OWN.goal_progress, OWN.goal_progress_per_outcome]
    assert np.abs((fit.params - expected) / fit.bse).max() < 4
