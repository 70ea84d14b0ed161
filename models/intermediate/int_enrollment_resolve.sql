-- one row per enrollment: whose it is, its clock, where it stands, how long it has been observed
with enrollments as (select * from {{ ref('stg_enrollment') }}),
participants as (select * from {{ ref('dim_participants') }}),
programs as (select * from {{ ref('dim_programs') }}),
status_dates as (select * from {{ ref('int_enrollment_status_resolve') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),
activity as (select * from {{ ref('int_activity_observe') }}),

dated as (
    select
        enrollments.*,
        participants.account_id,
        participants.worker_id,
        participants.timezone,
        status_dates.current_status,
        status_dates.exit_status,
        status_dates.completed_at,
        status_dates.exited_at,
        {{ local_date('enrollments.enrolled_at', 'participants.timezone') }} as enrolled_date,
        {{ local_date(
            'coalesce(status_dates.completed_at, status_dates.exited_at)', 'participants.timezone'
        ) }} as ended_date,
        -- the participant's latest day that is over: a day of evenings may still be running
        {{ add_days(local_date('as_of.known_until_at', 'participants.timezone'), -1) }}
            as last_full_date
    from enrollments
    inner join participants on enrollments.participant_id = participants.participant_id
    left join status_dates on enrollments.enrollment_id = status_dates.enrollment_id
    cross join as_of
),

final as (
    select
        enrollments.enrollment_id,
        enrollments.account_id,
        enrollments.participant_id,
        enrollments.worker_id,
        enrollments.program_id,
        enrollments.cohort_id,
        enrollments.timezone,
        coalesce(enrollments.attempt_no, 1) as attempt_no,
        coalesce(enrollments.current_status, 'enrolled') as current_status,
        enrollments.exit_status,
        enrollments.enrolled_at,
        enrollments.completed_at,
        enrollments.exited_at,
        enrollments.enrolled_date,
        enrollments.start_date,
        cast(coalesce(
            -- a planned end that is not after the start says nothing
            case
                when enrollments.planned_end_date > enrollments.start_date
                    then {{ days_between(
                        'enrollments.start_date', 'enrollments.planned_end_date'
                    ) }}
            end,
            7 * programs.planned_weeks,
            thresholds.default_planned_days
        ) as int) as planned_days,
        enrollments.ended_date,
        least(as_of.as_of_date, enrollments.ended_date) as observed_until_date,
        -- an enrollment that ended before its start never started
        case
            when
                enrollments.start_date <= as_of.as_of_date
                and enrollments.start_date
                <= coalesce(enrollments.ended_date, enrollments.start_date)
                then cast(enrollments.start_date as timestamp)
        end as started_at,
        enrollments.last_full_date,
        case
            when activity.activity_until_date is not null
                then least(enrollments.last_full_date, activity.activity_until_date)
        end as activity_until_date
    from dated as enrollments
    inner join programs on enrollments.program_id = programs.program_id
    cross join thresholds
    cross join as_of
    cross join activity
)

select * from final
