-- one row per enrollment: whose it is, its clock, where it stands, how long it has been observed
with enrollments as (select * from {{ ref('stg_enrollment') }}),
participants as (select * from {{ ref('dim_participants') }}),
programs as (select * from {{ ref('dim_programs') }}),
status_dates as (select * from {{ ref('int_enrollment_status_resolve') }}),
spells as (select * from {{ ref('int_employment_spell_resolve') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),
activity as (select * from {{ ref('int_activity_observe') }}),

-- attempts at one program, in the order of their starts
attempts as (
    select
        *,
        row_number() over (
            partition by participant_id, program_id order by start_date, enrollment_id
        ) as counted_attempt_no,
        lag(enrollment_id) over (
            partition by participant_id, program_id order by start_date, enrollment_id
        ) as previous_enrollment_id
    from enrollments
),

dated as (
    select
        attempts.*,
        participants.account_id,
        participants.worker_id,
        participants.timezone,
        status_dates.current_status,
        status_dates.exit_status,
        status_dates.completed_at,
        status_dates.exited_at,
        cast(coalesce(
            -- a planned end that is not after the start says nothing
            case
                when attempts.planned_end_date > attempts.start_date
                    then {{ days_between('attempts.start_date', 'attempts.planned_end_date') }}
            end,
            7 * programs.planned_weeks,
            thresholds.default_planned_days
        ) as int) as planned_days,
        {{ local_date('attempts.enrolled_at', 'participants.timezone') }} as enrolled_date,
        -- the end by the provider's word
        {{ local_date(
            'coalesce(status_dates.completed_at, status_dates.exited_at)', 'participants.timezone'
        ) }} as closed_date,
        -- the participant's latest day that is over: a day of evenings may still be running
        {{ add_days(local_date('as_of.known_until_at', 'participants.timezone'), -1) }}
            as last_full_date
    from attempts
    inner join participants on attempts.participant_id = participants.participant_id
    inner join programs on attempts.program_id = programs.program_id
    left join status_dates on attempts.enrollment_id = status_dates.enrollment_id
    cross join thresholds
    cross join as_of
),

-- whoever is hired again before the planned end, and before the provider closed it, has not left
terminations as (
    select
        dated.enrollment_id,
        min(spells.termination_date) as termination_date
    from dated
    inner join spells
        on
            dated.account_id = spells.account_id
            and dated.worker_id = spells.worker_id
            and spells.termination_date
            >= least(dated.start_date, coalesce(dated.enrolled_date, dated.start_date))
    where
        spells.rehire_date is null
        or spells.rehire_date > least(
            {{ add_days('dated.start_date', 'dated.planned_days') }},
            coalesce(dated.closed_date, cast('2200-01-01' as date))
        )
    group by dated.enrollment_id
),

-- leaving the employer ends what the provider had not closed by that day
ended as (
    select
        dated.*,
        terminations.termination_date,
        coalesce(
            dated.completed_at is null
            and terminations.termination_date
            < coalesce(dated.closed_date, cast('2200-01-01' as date)),
            false
        ) as is_ended_by_employer,
        case
            when dated.completed_at is null
                then least(dated.closed_date, terminations.termination_date)
            else dated.closed_date
        end as ended_date
    from dated
    left join terminations on dated.enrollment_id = terminations.enrollment_id
),

final as (
    select
        ended.enrollment_id,
        ended.account_id,
        ended.participant_id,
        ended.worker_id,
        ended.program_id,
        ended.cohort_id,
        ended.previous_enrollment_id,
        ended.timezone,
        coalesce(ended.attempt_no, ended.counted_attempt_no) as attempt_no,
        coalesce(ended.current_status, 'enrolled') as current_status,
        case when ended.is_ended_by_employer then 'left_employer' else ended.exit_status end
            as exit_status,
        ended.enrolled_at,
        ended.completed_at,
        case
            when ended.is_ended_by_employer then cast(ended.termination_date as timestamp)
            else ended.exited_at
        end as exited_at,
        cast(ended.termination_date as timestamp) as terminated_at,
        ended.enrolled_date,
        ended.start_date,
        ended.planned_days,
        ended.ended_date,
        least(as_of.as_of_date, ended.ended_date) as observed_until_date,
        -- an enrollment that ended before its start never started
        case
            when
                ended.start_date <= as_of.as_of_date
                and ended.start_date <= coalesce(ended.ended_date, ended.start_date)
                then cast(ended.start_date as timestamp)
        end as started_at,
        ended.last_full_date,
        activity.activity_from_date,
        case
            when activity.activity_until_date is not null
                then least(ended.last_full_date, activity.activity_until_date)
        end as activity_until_date
    from ended
    cross join as_of
    cross join activity
)

select * from final
