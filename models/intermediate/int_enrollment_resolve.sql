-- one row per enrollment: whose it is, its clock, where it stands, how long it has been observed
with enrollments as (select * from {{ ref('stg_enrollment') }}),
participants as (select * from {{ ref('dim_participants') }}),
programs as (select * from {{ ref('dim_programs') }}),
status_dates as (select * from {{ ref('int_enrollment_status_resolve') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),
activity as (select * from {{ ref('int_activity_observe') }}),

statuses as (
    select
        *,
        cast(coalesce(completed_at, exited_at) as date) as ended_date
    from status_dates
),

final as (
    select
        enrollments.enrollment_id,
        participants.account_id,
        enrollments.participant_id,
        participants.worker_id,
        enrollments.program_id,
        enrollments.cohort_id,
        coalesce(enrollments.attempt_no, 1) as attempt_no,
        coalesce(statuses.current_status, 'enrolled') as current_status,
        statuses.exit_status,
        enrollments.enrolled_at,
        statuses.completed_at,
        statuses.exited_at,
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
        statuses.ended_date,
        least(as_of.as_of_date, statuses.ended_date) as observed_until_date,
        -- an enrollment that ended before its start never started
        case
            when
                enrollments.start_date <= as_of.as_of_date
                and enrollments.start_date
                <= coalesce(statuses.ended_date, enrollments.start_date)
                then cast(enrollments.start_date as timestamp)
        end as started_at,
        activity.activity_until_date
    from enrollments
    inner join participants on enrollments.participant_id = participants.participant_id
    inner join programs on enrollments.program_id = programs.program_id
    left join statuses on enrollments.enrollment_id = statuses.enrollment_id
    cross join thresholds
    cross join as_of
    cross join activity
)

select * from final
