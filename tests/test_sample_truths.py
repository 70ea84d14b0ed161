"""What is true of the demo tenant's journeys: rates, what holds people back, what predicts."""

import json
import re
from math import exp, log, sqrt

import numpy as np
import pytest
from landed_files import MEANINGFUL, PROJECT, is_near

from sample_data.tenant import TRUTH

README = (PROJECT / "sample_data" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def truth(tenant) -> dict:
    return json.loads((tenant / TRUTH).read_text())["platform"]


# -- rates -----------------------------------------------------------------------------------------

RATES = """
    select
        avg(is_activated::int) filter (is_past_four_weeks) as activated,
        avg(is_engaged::int) filter (is_activated and is_past_four_weeks) as engaged,
        avg(is_completed::int) filter (is_over) as completed,
        avg(is_completed::int) filter (is_over and is_engaged) as completed_engaged,
        avg(is_completed::int) filter (is_over and not is_activated) as completed_not_activated,
        avg(is_engaged::int) filter (
            is_activated and is_past_four_weeks and program_id = 'prg-supply-chain'
        ) as engaged_supply_chain,
        avg(is_completed::int) filter (is_over and program_id = 'prg-cybersecurity')
            as completed_cybersecurity,
        avg(is_completed::int) filter (is_over and program_id = 'prg-frontline-leadership')
            as completed_leadership,
        avg((attempt_no <> '1')::int) as second_attempts
    from journey
"""


def test_rates_are_within_the_bands_of_the_readme(counted):
    bands = {
        name: (float(low), float(high))
        for name, low, high in re.findall(
            r"^\| `(\w+)` .*\| ([\d.]+) to ([\d.]+) \|$", README, re.M
        )
    }
    result = counted.sql(RATES)
    rates = dict(zip(result.columns, result.fetchone(), strict=True))
    assert rates.keys() == bands.keys()
    outside = {n: (r, bands[n]) for n, r in rates.items() if not bands[n][0] <= r <= bands[n][1]}
    assert not outside


def stages(counted) -> dict[str, dict[str, tuple[float, int]]]:
    """The observed conversion to each stage by account, with its number of people."""
    rows = counted.sql("""
        with settled as (select * from journey where coalesce(reason, '') <> 'left_employer')
        select
            account_id,
            avg(is_activated::int) filter (is_past_four_weeks),
            count(*) filter (is_past_four_weeks),
            avg(is_engaged::int) filter (is_activated and is_past_four_weeks),
            count(*) filter (is_activated and is_past_four_weeks),
            avg(is_completed::int) filter (is_engaged and is_over),
            count(*) filter (is_engaged and is_over)
        from settled group by 1
    """).fetchall()
    return {
        account: {"activated": (a, n), "engaged": (e, m), "completed": (c, k)}
        for account, a, n, e, m, c, k in rows
    }


def test_every_account_has_the_rates_that_it_was_drawn_with(counted, truth):
    seen = stages(counted)
    for account, rates in truth["stage_rates"].items():
        for stage, rate in rates.items():
            share, count = seen[account][stage]
            assert count < 15 or is_near(share, rate, count, 0.03), (account, stage, share, rate)


def test_each_troubled_account_loses_people_at_its_stage_and_at_no_other(counted, truth):
    seen = stages(counted)
    for planted in truth["bottlenecks"]:
        account = planted["account_id"]
        assert planted["rate"] < planted["peers"] - 0.25
        for stage, (share, count) in seen[account].items():
            peers = truth["stage_rates"]["acc-velmora"][stage]
            if stage == planted["stage"]:
                assert share < peers - 4 * sqrt(peers * (1 - peers) / count), (account, stage)
            else:
                assert is_near(share, peers, count, 0.03), (account, stage)
    participants = dict(counted.sql("select account_id, count(distinct participant_id) "
                                    "from journey group by 1").fetchall())  # fmt: skip
    assert all(participants[p["account_id"]] >= 150 for p in truth["bottlenecks"])
    assert len({p["cause"] for p in truth["bottlenecks"]}) == 4
    assert len(truth["bottlenecks"]) >= 8


def test_the_cause_shows_in_its_measure_at_the_troubled_accounts_and_nowhere_else(counted, truth):
    causes = {p["account_id"]: p["cause"] for p in truth["bottlenecks"]}
    failed = dict(
        counted.sql("""
            select account_id, count(*) filter (verb = 'login_failed')
                / count(*) filter (verb in ('login_failed', 'logged_in'))
            from event group by 1
        """).fetchall()
    )
    early = dict(
        counted.sql("""
            with first as (
                select enrollment_id,
                    min(scheduled_at::timestamptz::date - start_day) as day
                from last_coaching_session join journey using (enrollment_id)
                where last_coaching_session.status <> 'rescheduled' and is_past_four_weeks
                group by 1
            )
            select account_id, avg((day <= 14)::int) from first
            join journey using (enrollment_id) group by 1 having count(*) >= 20
        """).fetchall()
    )
    for account in truth["stage_rates"]:
        is_failing, is_late = failed[account] > 0.25, early.get(account, 1) < 0.3
        assert is_failing == (causes.get(account) == "failed_logins"), failed[account]
        assert is_late == (causes.get(account) == "late_first_coaching"), early.get(account)
    said = counted.sql("""
        select reason, account_id, count(*) from journey where status = 'withdrawn' group by 1, 2
    """).fetchall()
    told = {"could_not_log_in": "failed_logins", "no_coach_in_time": "late_first_coaching",
            "no_time_from_manager": "no_manager_support"}  # fmt: skip
    for reason, account, _ in said:
        if reason in told:
            assert causes.get(account) == told[reason]


def test_surveys_say_the_cause_at_the_troubled_accounts_and_nowhere_else(counted, tenant):
    """An item is lowered where it lies 12 points of 100 below the usual item of its survey."""
    said = json.loads((tenant / TRUTH).read_text())["stakeholders"]["cause_items"]
    lowered = counted.sql("""
        with answers as (
            select distinct response_id, account_id, survey_code, item_code,
                try_cast(score as double) as score, try_cast(scale_min as double) as low,
                try_cast(scale_max as double) as high
            from survey_response where survey_code in ('participant_pulse', 'manager_pulse')
        ),
        items as (
            select account_id, survey_code, item_code,
                avg(100 * (score - low) / (high - low)) as said
            from answers where score between low and high group by all having count(*) >= 60
        )
        select account_id, item_code from items
        qualify said < median(said) over (partition by account_id, survey_code) - 12
    """).fetchall()
    assert set(lowered) == {(account, item) for account, items in said.items() for item in items}


# -- what predicts ---------------------------------------------------------------------------------


def attendance(counted, day: int, group: str) -> list[tuple[bool, int, int]]:
    """Sessions until a day of enrollments still at risk on it: held and all, by a group."""
    return counted.sql(f"""
        select {group}, count(*) filter (last_coaching_session.status = 'completed'), count(*)
        from last_coaching_session join journey using (enrollment_id)
        where last_coaching_session.status in ('completed', 'no_show', 'cancelled_participant')
            and scheduled_at::timestamptz::date - start_day < {day} and is_over
            and ended_on - start_day >= {day}
        group by 1 order by 1
    """).fetchall()


@pytest.mark.parametrize("day", [14, 28, 56])
def test_coaching_attendance_is_the_same_for_all_and_predicts_nothing(counted, truth, day):
    rate = truth["coaching_attendance_rate"]
    assert not truth["indicators"]["coaching_attendance"]["predicts"]
    for group in ("is_completed", "is_engaged", "account_id in ('acc-brackenway', 'acc-corvane')"):
        for _, held, count in attendance(counted, day, group):
            assert is_near(held / count, rate, count)
    counts = counted.sql(f"""
        with sessions as (
            select enrollment_id, is_completed, count(*) as times
            from last_coaching_session join journey using (enrollment_id)
            where last_coaching_session.status <> 'rescheduled' and is_over
                and scheduled_at::timestamptz::date - start_day < {day}
                and ended_on - start_day >= {day} and account_id <> 'acc-tamarisk'
                and account_id <> 'acc-quillfield'
            group by all
        )
        select avg(times) filter (is_completed), avg(times) filter (not is_completed) from sessions
    """).fetchone()
    assert abs(counts[0] - counts[1]) < 0.03  # else the share's spread would tell


def test_what_is_said_to_predict_does_so_among_those_still_at_risk(counted, truth):
    indicators = truth["indicators"]
    assert len(indicators) == 8
    assert [name for name, said in indicators.items() if not said["predicts"]] == [
        "coaching_attendance"
    ]
    table = counted.sql(f"""
        with risk as (
            select * from journey
            where is_over and ended_on - start_day >= 28
                and account_id not in ('acc-tamarisk', 'acc-quillfield')
        ),
        first as (
            select enrollment_id, min(scheduled_at::timestamptz::date - start_day) <= 14 as early
            from last_coaching_session join risk using (enrollment_id)
            where last_coaching_session.status <> 'rescheduled' group by 1
        ),
        weekly as (
            select
                enrollment_id,
                bool_or(verb = 'logged_in' and day < 7) as logged_in,
                bool_or(day between 0 and 6) and bool_or(day between 7 and 13) as came_back,
                count(distinct day // 7) filter (where verb in {MEANINGFUL}) >= 3 as active
            from (
                select enrollment_id, verb, local_day - start_day as day
                from event join risk using (enrollment_id)
            )
            where day between 0 and 27 group by 1
        ),
        work as (
            select distinct enrollment_id from submission
            join last_enrollment using (enrollment_id)
            where try_cast(submitted_at as timestamptz)::date - start_date::date < 28
        )
        select
            is_completed, coalesce(logged_in, false), coalesce(early, false),
            coalesce(came_back, false), coalesce(active, false), work.enrollment_id is not null
        from risk left join first using (enrollment_id) left join weekly using (enrollment_id)
        left join work using (enrollment_id)
    """).fetchnumpy()
    done, *features = (np.asarray(column, dtype=bool) for column in table.values())
    odds = [odds_ratio(done, feature) for feature in features]
    assert all(low > 1.2 for _, low, _ in odds), odds
    planted = indicators["first_coaching_session"]["odds_ratio"]
    assert odds[1][1] < planted * 1.35
    assert odds[1][2] > planted / 1.35


def odds_ratio(outcome: np.ndarray, feature: np.ndarray) -> tuple[float, float, float]:
    """The odds ratio of an outcome by a feature, with the interval of four standard errors."""
    cells = [np.sum((outcome == o) & (feature == f)) for o in (1, 0) for f in (1, 0)]
    ratio = cells[0] * cells[3] / (cells[1] * cells[2])
    error = sqrt(sum(1 / cell for cell in cells))
    return ratio, exp(log(ratio) - 4 * error), exp(log(ratio) + 4 * error)
