-- one row per enrollment that started and indicator that follows it once: was it met in its window?
with enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
journeys as (select * from {{ ref('fct_enrollment_journeys') }}),
learner_weeks as (select * from {{ ref('fct_learner_weeks') }}),
stage_windows as (select * from {{ ref('int_enrollment_stage_reach') }}),
coached_programs as (select * from {{ ref('int_program_coaching_find') }}),
credentialed_programs as (select * from {{ ref('int_program_credential_find') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

first_two_weeks as (
    select
        enrollment_id,
        bool_or(coalesce(week_no = 1 and is_active, false)) as is_week_1_active,
        bool_or(coalesce(week_no = 2 and is_active, false)) as is_week_2_active
    from learner_weeks
    where week_no in (1, 2)
    group by enrollment_id
),

started as (
    select
        enrollments.enrollment_id,
        enrollments.account_id,
        enrollments.program_id,
        enrollments.worker_id,
        enrollments.start_date,
        enrollments.last_full_date,
        enrollments.activity_until_date,
        -- before anybody's activity was known, its absence says nothing
        not coalesce(enrollments.start_date < enrollments.activity_from_date, false)
            as is_activity_known,
        case when enrollments.completed_at is not null then enrollments.ended_date end
            as completed_date,
        {{ local_date('journeys.first_login_at', 'enrollments.timezone') }} as first_login_date,
        {{ local_date('journeys.first_coaching_at', 'enrollments.timezone') }}
            as first_coaching_date,
        {{ local_date('journeys.credentialed_at', 'enrollments.timezone') }} as credentialed_date,
        -- job events have a day and no hour
        cast(journeys.mobile_at as date) as mobile_date,
        {{ add_days('enrollments.start_date', 'thresholds.first_login_days') }}
            as login_until_date,
        {{ add_days('enrollments.start_date', 'thresholds.first_coaching_days') }}
            as coaching_until_date,
        {{ add_days('enrollments.start_date', 13) }} as week_2_until_date,
        {{ add_days('enrollments.ended_date', 'thresholds.credential_window_days') }}
            as credential_until_date,
        {{ add_days('enrollments.start_date', 'thresholds.mobility_window_days') }}
            as mobility_until_date
    from enrollments
    inner join journeys on enrollments.enrollment_id = journeys.enrollment_id
    cross join thresholds
    where enrollments.started_at is not null
)

select
    'first_login' as indicator_code,
    enrollment_id,
    account_id,
    start_date as counted_date,
    case when is_activity_known then coalesce(first_login_date <= login_until_date, false) end
        as is_met,
    is_activity_known and coalesce(login_until_date <= activity_until_date, false) as is_mature
from started
union all
select
    'first_coaching_session' as indicator_code,
    started.enrollment_id,
    started.account_id,
    started.start_date as counted_date,
    coalesce(started.first_coaching_date <= started.coaching_until_date, false) as is_met,
    started.coaching_until_date <= started.last_full_date as is_mature
from started
inner join coached_programs
    on
        started.account_id = coached_programs.account_id
        and started.program_id = coached_programs.program_id
        and started.coaching_until_date >= coached_programs.coaching_from_date
union all
select
    'week_1_retention' as indicator_code,
    started.enrollment_id,
    started.account_id,
    started.start_date as counted_date,
    first_two_weeks.is_week_2_active as is_met,
    coalesce(started.week_2_until_date <= started.activity_until_date, false) as is_mature
from started
inner join first_two_weeks on started.enrollment_id = first_two_weeks.enrollment_id
where first_two_weeks.is_week_1_active
union all
select
    'program_completion' as indicator_code,
    started.enrollment_id,
    started.account_id,
    stage_windows.window_end_date as counted_date,
    stage_windows.is_reached_in_time as is_met,
    stage_windows.is_mature
from started
inner join stage_windows on started.enrollment_id = stage_windows.enrollment_id
where stage_windows.stage_code = 'completed'
union all
select
    'credential_attainment' as indicator_code,
    started.enrollment_id,
    started.account_id,
    started.completed_date as counted_date,
    coalesce(started.credentialed_date <= started.credential_until_date, false) as is_met,
    started.credential_until_date <= started.last_full_date as is_mature
from started
inner join credentialed_programs on started.program_id = credentialed_programs.program_id
where started.completed_date is not null
union all
select
    'internal_mobility' as indicator_code,
    enrollment_id,
    account_id,
    start_date as counted_date,
    coalesce(mobile_date <= mobility_until_date, false) as is_met,
    mobility_until_date <= last_full_date as is_mature
from started
where worker_id is not null
