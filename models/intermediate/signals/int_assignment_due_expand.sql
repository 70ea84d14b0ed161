-- one row per enrollment and piece of work that fell due while it was at risk: handed in by then?
with enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
assignments as (select * from {{ ref('stg_assignment') }}),
submissions as (select * from {{ ref('stg_submission') }}),
breaks as (select * from {{ ref('int_enrollment_break_resolve') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

due as (
    select
        enrollments.enrollment_id,
        enrollments.account_id,
        enrollments.timezone,
        enrollments.last_full_date,
        assignments.assignment_id,
        assignments.assignment_type,
        {{ add_days('enrollments.start_date', 'assignments.due_day') }} as due_date
    from enrollments
    inner join assignments on enrollments.program_id = assignments.program_id
    where
        enrollments.started_at is not null
        and assignments.due_day is not null
        -- a cohort's own work is asked of that cohort only
        and (assignments.cohort_id is null or assignments.cohort_id = enrollments.cohort_id)
        and {{ add_days('enrollments.start_date', 'assignments.due_day') }}
        <= enrollments.observed_until_date
        and (
            enrollments.ended_date is null
            or {{ add_days('enrollments.start_date', 'assignments.due_day') }}
            < enrollments.ended_date
        )
),

due_on_break as (
    select distinct
        due.enrollment_id,
        due.assignment_id
    from due
    inner join breaks
        on
            due.enrollment_id = breaks.enrollment_id
            and due.due_date >= breaks.break_from_date
            and due.due_date < breaks.break_to_date
),

handed_in as (
    select
        submissions.enrollment_id,
        submissions.assignment_id,
        min(submissions.submitted_at) filter (
            where not coalesce(submissions.is_carried_over, false)
        ) as first_submitted_at
    from submissions
    cross join as_of
    where submissions.submitted_at < as_of.known_before_at
    group by submissions.enrollment_id, submissions.assignment_id
),

-- before anybody's work was known, its absence says nothing
first_submissions as (
    select cast(min(submissions.submitted_at) as date) as work_from_date
    from submissions
    cross join as_of
    where submissions.submitted_at < as_of.known_before_at
),

final as (
    select
        due.enrollment_id,
        due.account_id,
        due.assignment_id,
        due.assignment_type,
        due.due_date,
        coalesce(
            {{ local_date('handed_in.first_submitted_at', 'due.timezone') }} <= due.due_date, false
        ) as is_on_time,
        due.due_date <= due.last_full_date as is_mature
    from due
    inner join first_submissions on due.due_date >= first_submissions.work_from_date
    left join due_on_break
        on
            due.enrollment_id = due_on_break.enrollment_id
            and due.assignment_id = due_on_break.assignment_id
    left join handed_in
        on
            due.enrollment_id = handed_in.enrollment_id
            and due.assignment_id = handed_in.assignment_id
    where
        due_on_break.enrollment_id is null
        -- only credit from an earlier attempt: nothing was left to do in this one
        and (handed_in.enrollment_id is null or handed_in.first_submitted_at is not null)
)

select * from final
