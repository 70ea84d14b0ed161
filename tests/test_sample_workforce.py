"""The workers of the demo tenant: their rows, who enrolls, and the true effects of enrolling.

The estimator here is written from the design alone (sequential monthly trials, exact strata) and
reads only rows that would land, and in which month who enrolled.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

from sample_data.accounts import Account
from sample_data.truths import Truths
from sample_data.workforce import EffectTruth, WorkforceTruths, draw_workforce
from sample_data.workforce.effects import OUTCOMES, expected
from sample_data.workforce.hazards import review_columns
from sample_data.workforce.truths import FAMILIES
from sample_data.world import World, make_world

CONTRACT = Path(__file__).parents[1] / "models/staging/participant/raw_participant.yml"
ENTITIES = ("worker", "job_event", "absence", "eligibility")
ESTIMATED = OUTCOMES[:5]
EMPLOYER = Account(
    "acc-zetwerk", "Zetwerk", "retail", "enterprise", "North America", "America/New_York",
    "zetwerk.example", date(2023, 7, 1), 6_000, 100_000, utilization=0.12,
)  # fmt: skip
EFFECTIVE = replace(EMPLOYER, retention_effect=0.6, promotion_effect=1.8, mobility_effect=1.5)


def world_of(*accounts: Account, seed: int = 1, **parameters) -> World:
    """Return a world of some accounts that are served all the time."""
    truths = Truths(accounts=accounts, workforce=WorkforceTruths(**parameters))
    served = np.ones((len(accounts), 36), dtype=bool)
    return World(truths, seed, 1.0, None, None, SimpleNamespace(served=served))


def frames(workforce) -> dict[str, pd.DataFrame]:
    """Return the rows that land."""
    return {name: pd.DataFrame(columns) for name, columns in workforce.tables().items()}


@pytest.fixture(scope="module")
def tenant():
    """All workers of the default tenant at scale 1, with rows and truth."""
    world = make_world(Truths(), 7, 1.0)
    blocks, truth = [], EffectTruth(world)
    for number, account in enumerate(world.truths.accounts):
        block = draw_workforce(world, number, number, account.workers)
        truth.add(block)
        blocks.append((block, frames(block)))
    everything = {
        entity: pd.concat([rows[entity] for _, rows in blocks], ignore_index=True)
        for entity in ENTITIES
    }
    return SimpleNamespace(world=world, blocks=blocks, rows=everything, truth=truth.as_dict())


# Rows


def test_the_same_seed_draws_the_same_workers_and_blocks_share_nobody():
    world = world_of(EFFECTIVE)
    first, again = (frames(draw_workforce(world, 0, 0, 500)) for _ in range(2))
    for entity in ENTITIES:
        pd.testing.assert_frame_equal(first[entity], again[entity])
    other = frames(draw_workforce(world, 0, 1, 500))["worker"]
    assert not set(other["worker_id"]) & set(first["worker"]["worker_id"])
    assert not set(other["employee_number"]) & set(first["worker"]["employee_number"])
    assert not set(other["email"]) & set(first["worker"]["email"])
    reseeded = frames(draw_workforce(world_of(EFFECTIVE, seed=2), 0, 0, 500))["worker"]
    assert not reseeded.equals(first["worker"])


@pytest.mark.parametrize("entity", ENTITIES)
def test_rows_keep_the_contract(tenant, entity):
    source = yaml.safe_load(CONTRACT.read_text())["sources"][0]
    table = next(table for table in source["tables"] if table["name"] == entity)
    rows = tenant.rows[entity]
    assert list(rows) == [column["name"] for column in table["columns"]]
    assert not rows.duplicated(table["config"]["meta"]["key"]).any()
    for column in table["columns"]:
        meta, values = column.get("config", {}).get("meta", {}), rows[column["name"]]
        assert not (meta.get("required") and values.isna().any()), column["name"]
        if "in" in meta:
            assert set(values.dropna().unique()) <= set(meta["in"]), column["name"]
        if "min" in meta:
            assert values.astype(float).min() >= meta["min"]
        if "max" in meta:
            assert values.astype(float).max() <= meta["max"]
        if column["data_type"] in ("date", "timestamp"):
            assert values.dtype.kind == "M", column["name"]
    assert set(rows["worker_id"]) <= set(tenant.rows["worker"]["worker_id"])


def test_nothing_is_known_after_the_last_day(tenant):
    end = pd.Timestamp("2026-07-01")
    worker, event = tenant.rows["worker"], tenant.rows["job_event"]
    assert worker["extracted_at"].max() < end
    assert event["entered_at"].max() < end
    assert (event["entered_at"] >= event["effective_date"]).all()
    assert tenant.rows["absence"]["absence_date"].max() < end
    eligibility = tenant.rows["eligibility"]
    assert (eligibility["eligible_from"] < end).all()
    assert (eligibility["eligible_to"].dropna() < end).all()
    served = {a.account_id: pd.Timestamp(a.customer_since) for a in tenant.world.truths.accounts}
    assert (worker["extracted_at"] > worker["account_id"].map(served)).all()
    assert (eligibility["eligible_from"] >= eligibility["account_id"].map(served)).all()


def test_versions_and_events_tell_the_same_story(tenant):
    for _, rows in tenant.blocks[:6]:
        worker, event = rows["worker"], rows["job_event"]
        events = event[event["effective_date"] > "2023-07-01"]
        changes = events[~events["event_type"].isin(["leave_start", "leave_end"])]
        versions = worker[worker["effective_from"] > "2023-07-01"]
        both = changes.merge(
            versions, left_on=["worker_id", "effective_date"],
            right_on=["worker_id", "effective_from"], how="outer", indicator=True,
        )  # fmt: skip
        assert (both["_merge"] == "both").all()
        same = both.dropna(subset=["to_job_level"])
        assert (same["to_job_level"].astype(int) == same["job_level"]).all()
        assert (same["to_department"] == same["department"]).all()
        assert (both["event_type"].eq("termination") == both["termination_date"].notna()).all()
        ordered = worker.sort_values(["worker_id", "effective_from"])
        known = ordered.groupby("worker_id")["extracted_at"]
        assert (known.diff().dropna() >= pd.Timedelta(0)).all()
        steps = event.dropna(subset=["to_job_level"])
        before = steps.groupby("worker_id")["to_job_level"].shift()
        follows = before.notna() & (steps["event_type"] != "rehire")
        assert (before[follows] == steps["from_job_level"][follows]).all()
        rises = event[event["event_type"] == "promotion"]
        assert (rises["to_job_level"].astype(int) - rises["from_job_level"].astype(int) == 1).all()


def test_promotions_are_often_entered_a_month_or_two_late(tenant):
    truths, event = tenant.world.truths.workforce, tenant.rows["job_event"]
    early = event[(event["effective_date"] < "2026-05-01")]
    delay = (early["entered_at"] - early["effective_date"]).dt.days
    is_promotion = early["event_type"] == "promotion"
    late = delay[is_promotion].between(*truths.late_entry_days).mean()
    error = np.sqrt(truths.late_promotions * (1 - truths.late_promotions) / is_promotion.sum())
    assert abs(late - truths.late_promotions) < 4 * error
    assert delay[~is_promotion].mean() < 3


def test_the_workforce_is_plausible(tenant):
    accounts = tenant.world.truths.accounts
    assert len(tenant.rows["absence"]) / sum(a.workers for a in accounts) < 6
    for (block, rows), account in zip(tenant.blocks, accounts, strict=True):
        spells, worker = block.spells, rows["worker"]
        there = [
            ((spells.hired <= day) & ~(spells.ended < day)).sum()
            for day in (np.datetime64("2023-07-01"), np.datetime64("2026-06-30"))
        ]
        assert len(block) == account.workers
        assert there[1] / there[0] == pytest.approx(1, abs=0.06 + 5 / np.sqrt(there[0]))
        by_level = worker["base_pay_annual"].astype(float).groupby(worker["job_level"]).median()
        assert by_level.is_monotonic_increasing
        assert set(worker["currency"]) == {account.currency}
        assert worker["timezone"].nunique() == 2
        assert worker.groupby("worker_id")[["employee_number", "email"]].nunique().max().max() == 1
        assert worker.groupby("employee_number")["worker_id"].nunique().max() == 1
        assert worker.groupby("email")["worker_id"].nunique().max() == 1
        managed = block.manager >= 0
        assert (block.job_level[block.manager[managed]] > block.job_level[managed]).all()


def test_spells_are_apart_and_those_who_return_keep_their_id(tenant):
    returned = 0
    for block, rows in tenant.blocks:
        spells = block.spells
        back = ~np.isnat(spells.hired[:, 1])
        returned += back.sum()
        gap = (spells.hired[back, 1] - spells.ended[back, 0]).astype(int)
        assert (gap > 360).all()
        assert set(spells.how[back, 0]) <= {"voluntary"}
        event = rows["job_event"]
        assert set(event[event["event_type"] == "rehire"]["worker_id"]) <= set(
            block.worker_id[back]
        )
    assert returned > 200


@pytest.mark.parametrize("size", [1, 2, 7])
def test_a_block_may_be_tiny(size):
    block = draw_workforce(world_of(EFFECTIVE), 0, 3, size)
    rows = frames(block)
    assert len(block) == size
    assert rows["worker"]["worker_id"].nunique() <= size
    assert rows["job_event"]["event_id"].is_unique


def test_a_block_may_not_be_larger_than_its_numbers():
    with pytest.raises(ValueError, match="at most 20000"):
        draw_workforce(world_of(EFFECTIVE), 0, 0, 20_001)


def test_before_between_and_after_contracts_nobody_enrolls():
    world = world_of(EFFECTIVE)
    served = world.contracts.served[0]
    served[:10] = served[20:24] = served[30:] = False
    block = draw_workforce(world, 0, 0, 3_000)
    by_month = np.bincount(block.enrolling.month, minlength=36)
    assert (by_month[~served] == 0).all()
    assert (by_month[served] > 0).all()
    eligibility = frames(block)["eligibility"]
    assert eligibility["eligible_from"].min() == pd.Timestamp("2024-05-01")
    assert eligibility["eligible_to"].max() == pd.Timestamp("2025-12-31")
    assert eligibility["eligible_to"].notna().all()
    served[:] = False
    assert not len(frames(draw_workforce(world, 0, 0, 300))["eligibility"])


# Who enrolls


def test_who_enrolls_is_employed_eligible_and_served(tenant):
    for block, rows in tenant.blocks:
        who = np.flatnonzero(~np.isnat(block.enroll_month))
        begin = block.enroll_month[who].astype("datetime64[D]")
        end = (block.enroll_month[who] + 1).astype("datetime64[D]") - 1
        assert (block.hire_date[who] + 90 <= block.eligible_from[who]).all()
        assert (block.eligible_from[who] <= begin).all()
        assert not (block.termination_date[who] <= end).any()
        assert not (block.eligible_to[who] < end).any()
        assert (block.employment_type[who] != "contractor").all()
        month = (block.enroll_month[who] - tenant.world.months[0]).astype(int)
        assert tenant.world.contracts.served[block.account][month].all()
        contractors = rows["worker"].query("employment_type == 'contractor'")["worker_id"]
        assert not set(contractors) & set(rows["eligibility"]["worker_id"])


def test_utilization_is_that_of_the_account(tenant):
    months = tenant.world.months.astype("datetime64[D]")
    enrolled = 0
    for block, rows in tenant.blocks:
        account = tenant.world.truths.accounts[block.account]
        since, until = (
            rows["eligibility"][f"eligible_{side}"].to_numpy() for side in ("from", "to")
        )
        served = tenant.world.contracts.served[block.account]
        eligible = sum(((since <= day) & ~(until < day)).sum() for day in months[served])
        wanted = account.utilization * eligible / 12
        counted = (~np.isnat(block.enroll_month)).sum()
        enrolled += counted
        assert (0.05 if account.bottleneck else 0.025) <= account.utilization <= 0.06
        assert abs(counted - wanted) < 4 * np.sqrt(wanted) + 0.02 * wanted, account.account_id
    assert enrolled == tenant.truth["all_accounts"]["enrolled"]
    assert 4_600 < enrolled < 5_400
    assert np.std([account.utilization for account in tenant.world.truths.accounts]) > 0.008
    by_month = np.bincount(
        np.concatenate([block.enrolling.month for block, _ in tenant.blocks]), minlength=36
    )
    assert by_month.min() > by_month.max() / 4  # spread over the window


# An estimator of its own


def recoded(values: np.ndarray) -> np.ndarray:
    return np.unique(values, return_inverse=True)[1]


def panel(rows: dict[str, pd.DataFrame], enroll_month: pd.Series, truths: WorkforceTruths):
    """Return [worker, month] arrays made of landed rows: who is in a trial, strata, outcomes."""
    worker = rows["worker"].sort_values(["worker_id", "effective_from"], kind="stable")
    ids = worker["worker_id"].unique()
    place = pd.Series(np.arange(len(ids)), index=ids)
    months = pd.period_range("2023-07", "2026-07", freq="M")
    starts = months.start_time.to_numpy()

    version = np.full((len(ids), 37), -1)  # the row that is true on the first of the month
    first = np.searchsorted(starts, worker["effective_from"].to_numpy(), "left")
    fits = first < 37
    version[place[worker["worker_id"]].to_numpy()[fits], first[fits]] = np.flatnonzero(fits)
    version = np.maximum.accumulate(version, axis=1)
    exists = version >= 0

    def column(name):
        return worker[name].to_numpy()[version]

    hired = column("hire_date")
    is_there = exists & pd.isna(column("termination_date"))
    through = is_there[:, :36] & is_there[:, 1:] & (hired[:, :36] == hired[:, 1:])

    month_no = starts.astype("datetime64[M]").astype(int)
    tenure = month_no - hired.astype("datetime64[M]").astype(int)
    tenure -= hired > hired.astype("datetime64[M]")
    pay = column("base_pay_annual").astype(float)

    def counts(frame):  # events by month, 12 months of history before the first
        month = frame["effective_date"].dt.to_period("M").astype("int64") - months[0].ordinal + 12
        table = np.zeros((len(ids), 48))
        fits = (month >= 0).to_numpy()
        np.add.at(table, (place[frame["worker_id"]].to_numpy()[fits], month[fits]), 1)
        return np.cumsum(np.pad(table, ((0, 0), (1, 0))), axis=1)

    event = rows["job_event"]
    is_end = event["event_type"] == "termination"
    ended = event[is_end].merge(
        worker[["worker_id", "termination_date", "termination_type"]].dropna(),
        left_on=["worker_id", "effective_date"], right_on=["worker_id", "termination_date"],
    )  # fmt: skip
    rises, moves = (counts(event[event["event_type"] == k]) for k in ("promotion", "lateral"))
    month = np.arange(36)

    def within(total):  # in the 12 months after the index month
        later = np.minimum(month + 13 + 12, 48)
        return total[:, later] > total[:, month + 13]

    left = within(counts(event[is_end]))
    left_voluntarily = within(counts(ended[ended["termination_type"] == "voluntary"]))
    is_recent = rises[:, month + 12] > rises[:, month]
    rose, moved = within(rises), within(moves)

    spell, change = rows["eligibility"], np.zeros((len(ids), 38))
    until = spell["eligible_to"].fillna(pd.Timestamp("2100-01-01")).to_numpy()
    for day, side, sign in ((spell["eligible_from"].to_numpy(), "left", 1), (until, "right", -1)):
        who = place[spell["worker_id"]].to_numpy()
        np.add.at(change, (who, np.searchsorted(starts, day, side)), sign)
    eligible = np.cumsum(change, axis=1)[:, :36] > 0
    enrolls = enroll_month.reindex(ids).to_numpy().astype("datetime64[M]")
    enrolls = np.where(np.isnat(enrolls), 99, enrolls.astype(int) - month_no[0])
    in_trial = eligible & through & ~(enrolls[:, None] < month)
    parts = [
        column("job_level"), column("pay_type") == "hourly", column("job_family"),
        column("employment_type"), np.searchsorted(truths.tenure_edges, tenure, "right"),
        np.searchsorted(truths.pay_edges, pay, "right"),
    ]  # fmt: skip
    stratum = is_recent.astype(int)
    for part in parts:
        values = recoded(part[:, :36])
        stratum = stratum * (values.max() + 1) + values.reshape(len(ids), 36)
    follows = month + 12 <= 35
    in_trial &= follows
    outcomes = np.stack([~left_voluntarily, ~left, rose, moved, rose | moved]).astype(float)
    return in_trial, enrolls[:, None] == month, stratum, outcomes


def adjusted_and_crude(rows, enroll_month, truths):
    """Return for each outcome the stratified and the crude difference of sequential trials."""
    in_trial, is_treated, stratum, outcomes = panel(rows, enroll_month, truths)
    month = np.broadcast_to(np.arange(36), in_trial.shape)
    cell = recoded(stratum[in_trial] * 36 + month[in_trial])
    treated, results = is_treated[in_trial], []
    size = cell.max() + 1
    with_, without = (np.bincount(cell[g], minlength=size) for g in (treated, ~treated))
    overlaps = (with_ > 0) & (without > 0)
    for outcome in outcomes:
        y = outcome[in_trial]
        a, b = (np.bincount(cell[g], y[g], minlength=size)[overlaps] for g in (treated, ~treated))
        difference = a / with_[overlaps] - b / without[overlaps]
        crude = y[treated].mean() - y[~treated].mean()
        results.append((np.average(difference, weights=with_[overlaps]), crude))
    share = with_[overlaps].sum() / with_.sum()
    return np.array(results).T, share


def study(employer: Account, replicates: int, first_seed: int, **parameters) -> SimpleNamespace:
    """Return estimates and truth of several draws: arrays [replicate, outcome]."""
    adjusted, crude, ever, att, overlap = [], [], [], [], []
    for seed in range(first_seed, first_seed + replicates):
        world = world_of(employer, seed=seed, **parameters)
        block = draw_workforce(world, 0, 0, employer.workers)
        truth = EffectTruth(world)
        truth.add(block)
        said = truth.as_dict()["accounts"][employer.account_id]
        enrolled = pd.Series(block.enroll_month, index=block.worker_id)
        (found, rough), share = adjusted_and_crude(frames(block), enrolled, world.truths.workforce)
        adjusted.append(found)
        crude.append(rough)
        ever.append([said["naive_difference_as_drawn"][name] for name in ESTIMATED])
        att.append([said["att"][name] for name in ESTIMATED])
        overlap.append(share)
    return SimpleNamespace(
        adjusted=np.array(adjusted), crude=np.array(crude), ever=np.array(ever),
        att=np.array(att), overlap=np.array(overlap),
    )  # fmt: skip


def mean_and_error(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(len(values))


@pytest.fixture(scope="module")
def effective() -> SimpleNamespace:
    return study(EFFECTIVE, 8, 1)


def test_trials_with_strata_find_the_planted_effects_and_the_naive_comparison_does_not(effective):
    bias, error = mean_and_error(effective.adjusted - effective.att)
    naive = effective.ever - effective.att
    assert (np.abs(bias) < 4 * error).all()
    assert (np.abs(bias[[0, 1]]) < 0.1 * naive.mean(axis=0)[[0, 1]]).all()
    found = effective.adjusted.mean(axis=0)
    assert (found > 4 * mean_and_error(effective.adjusted)[1]).all()  # there is power to find them
    assert (effective.att.mean(axis=0) > 0.02).all()
    assert (naive.mean(axis=0) > 2 * effective.att.mean(axis=0)).all()
    crude, crude_error = mean_and_error(effective.crude - effective.att)
    assert (crude[:2] > 0.03).all()  # sorting alone, without immortal time
    assert (crude[:3] > 4 * crude_error[:3]).all()
    assert effective.overlap.min() > 0.85


def test_where_enrolling_does_nothing_the_adjusted_difference_is_zero():
    found = study(EMPLOYER, 8, 101)
    assert np.abs(found.att).max() < 1e-12
    adjusted, error = mean_and_error(found.adjusted)
    assert (np.abs(adjusted) < 4 * error).all()
    assert (np.abs(adjusted) < 0.015).all()
    assert (found.ever.mean(axis=0) > 0.05).all()


def test_hidden_sorting_deceives_the_adjusted_difference_too():
    found = study(EMPLOYER, 6, 201, hidden_sorting=1.0)
    assert np.abs(found.att).max() < 1e-12
    adjusted, error = mean_and_error(found.adjusted)
    assert (adjusted[:2] > 4 * error[:2]).all()
    assert (adjusted[:2] > 0.015).all()


def test_without_its_slope_enrolling_is_not_sorted():
    def difference(**parameters):
        world = world_of(EMPLOYER, **parameters)
        block = draw_workforce(world, 0, 0, EMPLOYER.workers)
        rows, enrolled = frames(block), pd.Series(block.enroll_month, index=block.worker_id)
        in_trial, is_treated, _, _ = panel(rows, enrolled, world.truths.workforce)
        first = rows["worker"].groupby("worker_id")["job_level"].first().to_numpy()
        level = np.broadcast_to(first[:, None], in_trial.shape)
        treated, others = level[in_trial & is_treated], level[in_trial & ~is_treated]
        return (treated.mean() - others.mean()) / (others.std() / np.sqrt(len(treated)))

    assert abs(difference(enrolling_slope=0.0)) < 4 < 15 < difference()


# Exactness, against a simulation of its own


def simulated(workforce, person: int, copies: int, enrolls: bool, may_enroll: bool, rng):
    """Return outcomes [outcome, copy] of many copies of one who enrolled, lived month by month."""
    world, start = workforce.world, workforce.enrolling
    truths, account = world.truths.workforce, world.truths.accounts[workforce.account]
    worker, month = start.worker[person], start.month[person]
    level, pay = np.full(copies, start.level[person]), np.full(copies, start.pay[person])
    promoted = np.full(copies, start.promoted[person])
    is_in, is_enrolled = np.ones(copies, dtype=bool), np.full(copies, enrolls)
    people, reviews = workforce.people, review_columns(world, account)
    out = np.zeros((6, copies))
    out[:2] = 1
    for now in range(month + 1, month + 13):
        if reviews[now] >= 0:
            pay = pay * people.raises[worker, reviews[now]]
        tenure = start.tenure[person] + now - month
        points = np.array(truths.level_points)[level - 1]
        points = points + truths.hourly_points * people.fixed.is_hourly[worker]
        points += truths.part_time_points * people.fixed.is_part_time[worker]
        points += truths.tenure_points[sum(tenure >= edge for edge in truths.tenure_edges)]
        band = sum((pay >= edge).astype(int) for edge in truths.pay_edges)
        points += np.array(truths.pay_points)[band]
        points += truths.family_points[people.fixed.family[worker]]
        is_recent = promoted >= now - 12
        points += truths.promoted_points * is_recent
        points += truths.hidden_sorting * people.fixed.trait[worker]

        def chance(name, effect=1.0, points=points, is_enrolled=is_enrolled):
            base = getattr(truths, name) * np.exp(getattr(truths, f"{name}_slope") * points)
            return base * np.where(is_enrolled, effect, 1)

        retirement = truths.retirement[sum(tenure >= edge for edge in truths.tenure_edges)]
        quits = chance("voluntary", account.retention_effect)
        u = rng.random(copies)
        out[0][is_in & (u < quits)] = 0
        is_gone = is_in & (u < quits + chance("involuntary") + retirement)
        out[1][is_gone] = 0
        is_in = is_in & ~is_gone
        rises = is_in & ~is_recent & (level < 6)
        rises &= rng.random(copies) < chance("promotion", account.promotion_effect)
        moves = is_in & ~rises & (rng.random(copies) < chance("lateral", account.mobility_effect))
        out[2] += rises
        out[3][moves] = 1
        out[4][rises | moves] = 1
        effect = 1 - truths.absence_share * (1 - account.retention_effect)
        is_absent = is_in & (rng.random(copies) < chance("absence", effect))
        out[5] += is_absent * rng.choice(
            truths.absence_hours, copies, p=truths.absence_hours_shares
        )
        joins = start.scale[now] * np.exp(truths.enrolling_slope * points)
        is_enrolled = is_enrolled | (may_enroll & is_in & (rng.random(copies) < joins))
        level, pay = level + rises, np.where(rises, pay * (1 + truths.promotion_raise), pay)
        promoted = np.where(rises, now, promoted)
    return out


def test_the_true_effects_are_exact():
    employer = replace(EFFECTIVE, utilization=0.3, fiscal_year_start_month=4)
    world = world_of(employer, hidden_sorting=0.5, promotion=0.03, voluntary=0.03)
    block, rng = draw_workforce(world, 0, 0, 2_000), np.random.default_rng(5)
    start, copies = block.enrolling, 60_000
    followed = start.month + 12 < 36
    level, promoted = start.level[followed], start.promoted[followed]
    persons = [int(np.flatnonzero(level == wanted)[0]) for wanted in (1, 3, 5, 6)]
    persons += np.flatnonzero((promoted > start.month[followed] - 12) & (level < 5))[:2].tolist()
    persons += np.flatnonzero(np.isin(start.tenure[followed], (30, 31)))[:1].tolist()
    for arm in ((True, False), (False, True), (False, False)):
        exact = expected(block, *arm)
        for person in persons:
            drawn = simulated(block, int(np.flatnonzero(followed)[person]), copies, *arm, rng)
            error = np.sqrt(drawn.var(axis=1) / copies) + 1e-9
            assert (np.abs(drawn.mean(axis=1) - exact[:, person]) < 4.5 * error).all()


def test_the_truth_says_whom_it_counts_and_adds_up_over_accounts(tenant):
    accounts, pooled = tenant.truth["accounts"], tenant.truth["all_accounts"]
    enrolling = [block.enrolling for block, _ in tenant.blocks]
    assert pooled["followed"] == sum((e.month <= 23).sum() for e in enrolling)
    for outcome in OUTCOMES:
        weighted = sum(a["followed"] * a["att"][outcome] for a in accounts.values() if a["att"])
        assert pooled["att"][outcome] == pytest.approx(weighted / pooled["followed"])
    without = 0
    for account in tenant.world.truths.accounts:
        said = accounts[account.account_id]
        ratios = said["hazard_ratios"]
        assert ratios["voluntary_leaving"] == account.retention_effect
        assert 0.55 <= account.retention_effect <= 1
        assert 1 <= account.promotion_effect <= 2
        assert 1 <= account.mobility_effect <= 1.6
        if set(ratios.values()) == {1.0}:
            without += 1
            assert said["att"]["retained_12m_voluntary"] == pytest.approx(0, abs=1e-12)
        elif said["att"] and account.retention_effect < 1:
            for scope in ("att", "att_per_protocol"):
                assert said[scope]["retained_12m_voluntary"] > 0
            assert (  # some would have enrolled later anyway
                said["att"]["retained_12m_voluntary"]
                < said["att_per_protocol"]["retained_12m_voluntary"]
            )
    assert without >= 8
    assert tenant.truth["parameters"]["hidden_sorting"] == 0
    naive = pooled["naive_difference_as_drawn"]["retained_12m_voluntary"]
    assert naive > 5 * pooled["att"]["retained_12m_voluntary"]


def test_parameters_that_the_exact_effects_do_not_cover_are_refused():
    with pytest.raises(ValueError, match="effect_months"):
        WorkforceTruths(effect_months=6)
    with pytest.raises(ValueError, match="rehired_after"):
        WorkforceTruths(rehired_after=(6, 24))
    with pytest.raises(ValueError, match="tenure_points must have 4"):
        WorkforceTruths(tenure_points=(0.1, 0.2))
    assert len(WorkforceTruths().family_points) == len(FAMILIES)
