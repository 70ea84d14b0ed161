"""The journeys of the demo tenant, against its files: no code of the project takes part."""

from pathlib import Path

import duckdb
import pytest
from landed_files import is_good

EXITS = "('withdrawn', 'failed', 'cancelled', 'transferred')"


def utc(column: str) -> str:
    """The SQL of a landed time as a UTC timestamp."""
    return f"timezone('UTC', {column}::timestamptz)"


@pytest.fixture(scope="module")
def files(counted: duckdb.DuckDBPyConnection, demo_release: Path) -> duckdb.DuckDBPyConnection:
    """The files, who is whom where the number says it, and the two facts of the release.

    A participant is `known` as a worker if the number is that of nobody else on either side. The
    sample lists those whom a decision by hand concerns: left out.
    """
    for entity in ("worker", "eligibility", "marketing_touch", "credential", "job_event"):
        counted.execute(f"""
            create or replace temp table good_{entity} as
            select distinct * exclude (file) from "{entity}" where {is_good(counted, entity)}
        """)
    for fact in ("fct_enrollment_journeys", "fct_eligibility_journeys", "dim_participants"):
        counted.execute(f"""
            create or replace temp table {fact} as
            from read_parquet('{demo_release}/marts/{fact}.parquet')
        """)
    counted.execute(f"""
        create or replace temp table known as
        with pairs as (
            select distinct p.participant_id, p.account_id, w.worker_id
            from last_participant p
            join good_worker w on p.account_id = w.account_id
                and p.employee_number = w.employee_number
        )
        select *, zone from pairs join place using (participant_id, account_id)
        where participant_id not in (
            select participant_id from identity_override where participant_id is not null
        )
        qualify count(*) over (partition by participant_id) = 1
            and count(*) over (partition by account_id, worker_id) = 1;

        create or replace temp table leaving as
        select distinct account_id, worker_id, termination_date::date as left_on
        from good_worker where termination_date::date <= date '2026-06-30';

        create or replace temp table enrolled as
        select
            enrollment_id, participant_id, account_id, worker_id, program_id, zone,
            start_date::date as start_day, planned_end_date::date as planned_end,
            {utc("enrolled_at")} as enrolled, timezone(zone, enrolled_at::timestamptz)::date
                as enrolled_day,
            coalesce(status, 'enrolled') as status, reason
        from last_enrollment join known using (participant_id)
        left join final_status using (enrollment_id)
    """)
    return counted


def differing(files: duckdb.DuckDBPyConnection, fact: str, key: str, **columns: str) -> dict:
    """Per column the rows whose value is not the one that a query finds for their key.

    A query returns two columns, the key and the value; a key that it leaves out has none.
    """
    found = {}
    for column, query in columns.items():
        found[column] = files.execute(f"""
            with expected (id, expected) as ({query})
            select {key}, {column}, expected from {fact} left join expected on id = {key}
            where {column} is distinct from expected and {key} in (select {key} from compared)
            limit 5
        """).fetchall()
    return {column: rows for column, rows in found.items() if rows}


def test_enrollments_reach_what_the_files_say(files):
    files.execute("create or replace temp table compared as select enrollment_id from enrolled")
    assert files.sql("select count(*) from compared").fetchone()[0] > 4500
    differences = differing(
        files,
        "fct_enrollment_journeys",
        "enrollment_id",
        worker_id="select enrollment_id, worker_id from enrolled",
        first_coaching_at=f"""
            select enrollment_id, min({utc("scheduled_at")}) from last_coaching_session
            where status = 'completed' and scheduled_at < '2026-07-01' group by 1
        """,
        completed_at=f"""
            select enrollment_id, min({utc("effective_at")}) from last_enrollment_status
            where status = 'completed' group by 1
        """,
        credentialed_at=f"""
            select enrollment_id, min({utc("awarded_at")}) from good_credential
            where revoked_at is null group by 1
        """,
        mobile_at="""
            select enrollment_id, min(effective_date)::timestamp
            from enrolled join good_job_event using (account_id, worker_id)
            where event_type in ('promotion', 'lateral') and effective_date::date >= start_day
                and not exists (
                    from leaving where leaving.worker_id = enrolled.worker_id
                        and left_on >= enrolled_day and left_on <= effective_date::date
                )
            group by 1
        """,
        terminated_at="""
            select enrollment_id, min(left_on)::timestamp
            from enrolled join leaving using (account_id, worker_id)
            where left_on >= enrolled_day group by 1
        """,
        previous_enrollment_id="""
            select second.enrollment_id, first.enrollment_id
            from last_enrollment first join last_enrollment second
            using (participant_id, program_id)
            where first.attempt_no = '1' and second.attempt_no = '2'
        """,
        transferred_to_enrollment_id="""
            with gone as (
                select enrollment_id, participant_id, program_id,
                    timezone(zone, effective_at::timestamptz)::date as left_day
                from enrolled join last_enrollment_status change using (enrollment_id)
                where change.status = 'transferred'
            )
            select gone.enrollment_id, arg_min(next.enrollment_id, start_day)
            from gone join enrolled next using (participant_id)
            where next.program_id <> gone.program_id and start_day - left_day between 0 and 60
            group by 1
        """,
        break_days_count="""
            with spells as (
                select enrollment_id, status, timezone(zone, effective_at::timestamptz)::date
                    as day,
                    lead(timezone(zone, effective_at::timestamptz)::date, 1, date '2026-07-01')
                        over (partition by enrollment_id order by effective_at::timestamptz)
                        as until
                from last_enrollment_status
                join (select enrollment_id, zone from enrolled) using (enrollment_id)
            ),
            days as (
                select enrollment_id, unnest(generate_series(day, until - 1, interval 1 day)) as day
                from spells where status in ('on_break', 'deferred')
            )
            select enrollment_id, count(day) filter (day >= start_day)
            from enrolled left join days using (enrollment_id) group by 1
        """,
    )
    assert differences == {}


def test_enrollments_end_as_the_files_say(files):
    files.execute("create or replace temp table compared as select enrollment_id from enrolled")
    kinds = f"""
        select enrollment_id, case
            when status = 'completed' then null
            when status in {EXITS} and reason = 'left_employer' then 'left_employer'
            when status in {EXITS} then status
            when exists (
                from leaving where leaving.worker_id = enrolled.worker_id and left_on >= start_day
            ) then 'left_employer'
        end as kind
        from enrolled
    """
    differences = differing(files, "fct_enrollment_journeys", "enrollment_id", exit_status=kinds)
    assert differences == {}
    counts = dict(files.sql(f"select kind, count(*) from ({kinds}) group by 1").fetchall())
    assert min(counts[kind] for kind in ("withdrawn", "failed", "cancelled")) > 100
    assert counts["left_employer"] > 100
    assert counts["transferred"] > 20


def test_eligibility_spells_reach_what_the_files_say(files):
    """Compared are the spells of workers who are known, or no participant at all."""
    files.execute("""
        create or replace temp table spell as
        select eligibility_id, account_id, worker_id, participant_id, coalesce(zone, 'UTC') as zone,
            eligible_from::date as first_day,
            least(eligible_to::date, date '2026-06-30', (
                select min(left_on) from leaving
                where leaving.worker_id = good_eligibility.worker_id
                    and left_on >= eligible_from::date
            )) as last_day
        from good_eligibility left join known using (account_id, worker_id);

        update good_marketing_touch set worker_id = known.worker_id from known
        where good_marketing_touch.worker_id is null
            and good_marketing_touch.participant_id = known.participant_id;

        create or replace temp table compared as
        select eligibility_id from spell
        where participant_id is not null or (account_id, worker_id) not in (
            select (account_id, worker_id) from dim_participants where worker_id is not null
        )
    """)
    spells, linked = files.sql("""
        select count(*), count(participant_id) from spell join compared using (eligibility_id)
    """).fetchone()
    assert spells > 53_000
    assert linked > 5000
    within = "timezone(zone, {0}::timestamptz)::date between first_day and last_day"
    aware = "touch_type in ('click', 'visit', 'attended', 'referral')"
    differences = differing(
        files,
        "fct_eligibility_journeys",
        "eligibility_id",
        participant_id="select eligibility_id, participant_id from spell",
        eligible_at="select eligibility_id, first_day::timestamp from spell",
        aware_at=f"""
            select eligibility_id, min({utc("occurred_at")})
            from spell join good_marketing_touch using (worker_id)
            where {aware} and {within.format("occurred_at")} group by 1
        """,
        applied_at=f"""
            select eligibility_id, min({utc("submitted_at")})
            from spell join last_application using (participant_id)
            where {within.format("submitted_at")} group by 1
        """,
        enrolled_at="""
            select eligibility_id, min(enrolled) from spell join enrolled using (participant_id)
            where status <> 'cancelled' and enrolled_day between first_day and last_day group by 1
        """,
    )
    assert differences == {}


def test_eligibility_spells_end_as_the_files_say(files):
    files.execute("create or replace temp table compared as from good_eligibility")
    ends = """
        with days as (
            select eligibility_id, eligible_to::date + 1 as closed_on, (
                select min(left_on) from leaving
                where leaving.worker_id = good_eligibility.worker_id
                    and left_on >= eligible_from::date
            ) as left_on
            from good_eligibility
        )
        select eligibility_id, case
            when left_on <= coalesce(closed_on, left_on) then 'left_employer'
            when closed_on <= date '2026-06-30' then 'eligibility_ended'
        end as kind, least(left_on, closed_on)::timestamp as ended_at
        from days
    """
    differences = differing(
        files,
        "fct_eligibility_journeys",
        "eligibility_id",
        exit_reason=f"select eligibility_id, kind from ({ends})",
        exited_at=f"select eligibility_id, ended_at from ({ends}) where kind is not null",
    )
    assert differences == {}
    counts = dict(files.sql(f"select kind, count(*) from ({ends}) group by 1").fetchall())
    assert counts["left_employer"] > 10_000
    assert counts["eligibility_ended"] > 1000


def test_every_rehired_worker_has_two_spells_of_employment(demo, files):
    with duckdb.connect(str(demo.warehouse_path), read_only=True) as connection:
        spells = connection.execute("""
            select worker_id, spell_no, employed_from_date
            from intermediate.int_employment_spell_resolve where spell_no > 1
        """).fetchall()
    rehires = files.sql("""
        select worker_id, 2, effective_date::date from good_job_event where event_type = 'rehire'
    """).fetchall()
    assert len(rehires) > 500
    assert sorted(spells) == sorted(rehires)
