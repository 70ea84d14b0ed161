-- one row per enrollment, cut-off day and type of work with something due by then: how much of it
-- was handed in on time, as known by then
with cutoffs as (select * from {{ ref('int_enrollment_cutoff_expand') }}),
assignments as (select * from {{ ref('stg_assignment') }}),
submissions as (select * from {{ ref('stg_submission') }}),
enrollments as (select * from {{ ref('int_enrollment_resolve') }}),

due as (
    select
        cutoffs.enrollment_id,
        cutoffs.cutoff_day,
        cutoffs.cutoff_date,
        assignments.assignment_id,
        case when assignments.assignment_type = 'simulation' then 'simulation' else 'assignment' end
            as work_type,
        {{ add_days('cutoffs.start_date', 'assignments.due_day') }} as due_date
    from cutoffs
    inner join assignments
        on
            cutoffs.program_id = assignments.program_id
            and cutoffs.cutoff_day > assignments.due_day
    -- a cohort's own work is asked of that cohort only
    where assignments.cohort_id is null or assignments.cohort_id = cutoffs.cohort_id
),

dated_submissions as (
    select
        submissions.enrollment_id,
        submissions.assignment_id,
        coalesce(submissions.is_carried_over, false) as is_carried_over,
        {{ local_date('submissions.submitted_at', 'enrollments.timezone') }} as submitted_date,
        {{ local_date(
            'greatest(submissions.submitted_at, coalesce(submissions.graded_at, '
            ~ 'submissions.submitted_at))',
            'enrollments.timezone'
        ) }} as known_date
    from submissions
    inner join enrollments on submissions.enrollment_id = enrollments.enrollment_id
),

first_submissions as (
    select min(known_date) as first_known_date
    from dated_submissions
),

-- credit from an earlier attempt is no work of this one: unless it was done again, it is not due
handed_in as (
    select
        due.enrollment_id,
        due.cutoff_day,
        due.work_type,
        due.assignment_id,
        coalesce(bool_and(dated_submissions.is_carried_over), false) as is_only_carried_over,
        coalesce(
            bool_or(
                not dated_submissions.is_carried_over
                and dated_submissions.submitted_date <= due.due_date
            ),
            false
        ) as is_on_time
    from due
    -- before anybody's work was known, its absence says nothing
    inner join first_submissions on due.cutoff_date > first_submissions.first_known_date
    left join dated_submissions
        on
            due.enrollment_id = dated_submissions.enrollment_id
            and due.assignment_id = dated_submissions.assignment_id
            and due.cutoff_date > dated_submissions.known_date
    group by due.enrollment_id, due.cutoff_day, due.work_type, due.assignment_id
)

select
    enrollment_id,
    cutoff_day,
    work_type,
    cast(count(*) as int) as due_count,
    cast(count_if(is_on_time) as int) as on_time_count
from handed_in
where not is_only_carried_over
group by enrollment_id, cutoff_day, work_type
