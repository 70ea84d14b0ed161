"""What people of the demo tenant do, and that the files show what was drawn."""

import json
from dataclasses import replace

import numpy as np
import pytest
from landed_files import MEANINGFUL, is_near, open_landing, resolve

from sample_data.landing import land
from sample_data.platform.block import blocks
from sample_data.platform.truth import truth as truth_of
from sample_data.tenant import TRUTH
from sample_data.truths import Truths
from sample_data.world import make_world

LITTLE = replace(Truths(), accounts=Truths().accounts[4:8])


@pytest.fixture(scope="module")
def truth(tenant) -> dict:
    return json.loads((tenant / TRUTH).read_text())["platform"]


@pytest.fixture(scope="module")
def little(tmp_path_factory):
    """A small tenant's files, and what was drawn for it."""
    folder = tmp_path_factory.mktemp("little") / "landing"
    land(folder, 7, 0.3, LITTLE)
    world = make_world(LITTLE, 7, 0.3)
    return resolve(open_landing(folder)), world, list(blocks(world))


# -- what is odd but true --------------------------------------------------------------------------


def test_one_program_loses_activity_in_weeks_three_to_five(counted):
    active = dict(
        counted.sql(f"""
            with weekly as (
                select
                    program_id = 'prg-supply-chain' as is_dip, (local_day - start_day) // 7 as w,
                    count(distinct enrollment_id) as learners
                from event join journey using (enrollment_id)
                where verb in {MEANINGFUL} and start_day < date '2026-03-01'
                group by 1, 2
            )
            select is_dip, sum(learners) filter (w = 4) / sum(learners) filter (w in (1, 6)) * 2
            from weekly group by 1
        """).fetchall()
    )
    assert active[True] < 0.8
    assert active[False] > 0.9


def test_weekends_and_december_are_quiet_and_recent_cohorts_unfinished(counted):
    weekend, december, unfinished, finished = counted.sql("""
        select
            (select avg((isodow(local_day) > 5)::int) from event),
            (select count(*) filter (month(local_day) = 12)
                / (count(*) filter (month(local_day) in (10, 11)) / 2)
            from event where year(local_day) = 2025),
            (select avg((status = 'active')::int) from journey
            where start_day >= date '2026-04-01' and start_day <= date '2026-06-30'),
            (select avg((status = 'active')::int) from journey where is_over)
    """).fetchone()
    assert 0.05 < weekend < 0.2
    assert december < 0.85
    assert unfinished > 0.5
    assert finished < 0.02


def test_clocks_are_the_participants_own_with_real_rules(counted):
    evening, night, spring = counted.sql("""
        with local as (
            select occurred_at, timezone(zone, timezone('UTC', occurred_at)) as clock
            from event join place using (participant_id)
        )
        select
            avg((occurred_at::date <> clock::date)::int),
            avg((hour(clock) < 6)::int),
            (select count(*) from local where clock::date in (date '2025-03-09', date '2025-03-10'))
        from local
    """).fetchone()
    assert 0.01 < evening < 0.4  # of the events are of another day in UTC
    assert night < 0.001
    assert spring > 100


def test_the_odd_but_true_things_are_there(counted):
    counts = counted.sql("""
        select
            count(*) filter (status = 'deferred'), count(*) filter (status = 'on_break'),
            count(*) filter (status = 'cancelled'), count(*) filter (status = 'withdrawn'),
            count(*) filter (status = 'failed'), count(*) filter (status = 'transferred'),
            count(*) filter (reason_code = 'left_employer')
        from last_enrollment_status
    """).fetchone()
    assert min(counts) > 20, counts
    early, no_enrollment, two_programs, only_logins = counted.sql(f"""
        select
            (select count(*) from event join journey using (enrollment_id)
            where local_day < start_day),
            (select count(*) from event where enrollment_id is null),
            (select count(*) from (
                select participant_id from journey
                group by 1 having count(distinct program_id) > 1
            )),
            (select count(*) from (
                select enrollment_id from event where enrollment_id is not null group by 1
                having bool_or(verb = 'logged_in') and not bool_or(verb in {MEANINGFUL})
            ))
    """).fetchone()
    assert 100 < early < 10_000
    assert no_enrollment > 10_000
    assert two_programs > 100
    assert only_logins > 50


def test_skills_grow_by_the_planted_gain_and_most_who_complete_hold_a_credential(counted, truth):
    rows = counted.sql("""
        with levels as (
            select enrollment_id, skill_id,
                any_value(try_cast(level as double)) filter (phase = 'pre') as pre,
                any_value(try_cast(level as double)) filter (phase = 'post') as post
            from skill_assessment group by 1, 2
        )
        select is_completed, avg(post - pre), stddev(post - pre) / sqrt(count(post - pre))
        from levels join journey using (enrollment_id)
        where post is not null and pre is not null group by 1 order by 1 desc
    """).fetchall()
    for (_, mean, error), gain in zip(rows, truth["skill_gain"].values(), strict=True):
        assert abs(mean - gain) < 4 * error + 0.01
    highest = counted.sql("select max(try_cast(level as double)) from skill_assessment").fetchone()
    assert 4 < highest[0] <= 5
    share, count, revoked, expiring = counted.sql("""
        with done as (
            select enrollment_id from journey where is_completed and ended_on <= date '2026-05-20'
        ),
        award as (
            select enrollment_id, max(revoked_at) as revoked_at, max(valid_until) as valid_until
            from credential group by 1
        )
        select avg((award.enrollment_id is not null)::int), count(*), count(revoked_at),
            count(valid_until)
        from done left join award using (enrollment_id)
    """).fetchone()
    assert is_near(share, truth["credential_of_completed"], count)
    assert 0 < revoked < expiring


# -- the way to an enrollment, and what was drawn --------------------------------------------------


def test_awareness_comes_before_the_application_and_that_before_the_enrollment(counted):
    wrong, unaware, applied = counted.sql("""
        with first as (
            select worker_id, min(try_cast(occurred_at as timestamptz)) as aware_at
            from marketing_touch
            where touch_type in ('click', 'visit', 'attended', 'referral') group by 1
        ),
        mine as (
            select distinct participant_id, worker_id
            from marketing_touch where participant_id is not null and worker_id is not null
        )
        select
            (select count(*) from last_application join last_enrollment using (application_id)
            where not (started_at <= submitted_at and submitted_at <= decided_at
                and decided_at::timestamptz <= enrolled_at::timestamptz)),
            (select count(*) from last_application join mine using (participant_id)
            join first using (worker_id) where started_at::timestamptz < aware_at),
            (select count(*) from last_application join last_enrollment using (application_id))
    """).fetchone()
    assert (wrong, unaware) == (0, 0)
    assert applied > 4_000


def test_the_files_show_every_journey_as_it_was_drawn(little):
    counted, _, drawn = little
    shown = {
        row[0]: row[1:]
        for row in counted.sql("""
            select enrollment_id, is_activated, is_engaged from journey
            where start_day <= date '2026-05-25'
        """).fetchall()
    }
    compared = 0
    for part in drawn:
        journeys = part.journeys
        for i, key in enumerate(part.enrollment_id.tolist()):
            if key in shown and journeys.runs[i]:
                expected = (bool(journeys.is_activated[i]), bool(journeys.is_engaged[i]))
                assert shown[key] == expected, key
                compared += 1
    assert compared > 150


def test_workers_enroll_in_their_month_while_served_eligible_and_employed(little):
    _, world, drawn = little
    for part in drawn:
        workforce, journeys = part.workforce, part.journeys
        month = part.enrolled_at.astype("datetime64[M]")
        served = world.contracts.served[part.account][(month - world.months[0]).astype(int)]
        assert served.all()
        worker = part.participant_worker[journeys.participant]
        own = worker >= 0
        day, who = part.enrolled_at[own].astype("datetime64[D]"), worker[own]
        assert (day >= workforce.eligible_from[who]).all()
        assert (np.isnat(workforce.eligible_to[who]) | (day <= workforce.eligible_to[who])).all()
        ended = workforce.termination_date[who]
        assert (np.isnat(ended) | (day < ended)).all()
        first = {}
        for index, at in zip(who.tolist(), month[own].tolist(), strict=True):
            first[index] = min(at, first.get(index, at))
        assert {k: np.datetime64(v, "M") for k, v in first.items()} == {
            k: workforce.enroll_month[k]
            for k in np.flatnonzero(~np.isnat(workforce.enroll_month)).tolist()
        }


def test_who_leaves_the_employer_leaves_the_program_on_that_day(little):
    _, _, drawn = little
    left = 0
    for part in drawn:
        journeys = part.journeys
        worker = part.participant_worker[journeys.participant]
        ended = np.append(part.workforce.termination_date, np.datetime64("NaT"))[worker]
        last_day = part.start + journeys.end_day
        runs = ~journeys.is_parked & ~np.isnat(ended)
        assert (last_day[runs] <= np.maximum(ended, part.journeys.booked + 1)[runs]).all()
        gone = journeys.has_left & ~journeys.is_parked
        assert (last_day[gone] == ended[gone]).all()
        left += gone.sum()
    assert left > 0


def test_the_planted_bottleneck_can_be_moved_by_other_truths():
    accounts = [replace(a, bottleneck=None) for a in LITTLE.accounts]
    accounts[1] = replace(accounts[1], bottleneck="no_manager_support")
    world = make_world(replace(LITTLE, accounts=tuple(accounts)), 7, 0.1)
    (planted,) = truth_of(world)["bottlenecks"]
    assert (planted["account_id"], planted["stage"]) == (accounts[1].account_id, "completed")
