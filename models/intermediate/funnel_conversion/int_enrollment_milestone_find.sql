-- one row per enrollment: what others than the platform and the provider's status say of it
with enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
breaks as (select * from {{ ref('int_enrollment_break_resolve') }}),
submissions as (select * from {{ ref('stg_submission') }}),
sessions as (select * from {{ ref('stg_coaching_session') }}),
credentials as (select * from {{ ref('stg_credential') }}),
job_events as (select * from {{ ref('stg_job_event') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

first_submissions as (
    select
        submissions.enrollment_id,
        min(submissions.submitted_at) as first_submission_at
    from submissions
    cross join as_of
    where
        not coalesce(submissions.is_carried_over, false)
        and submissions.submitted_at < as_of.known_before_at
    group by submissions.enrollment_id
),

first_sessions as (
    select
        sessions.enrollment_id,
        min(sessions.scheduled_at) as first_coaching_at
    from sessions
    cross join as_of
    where sessions.status = 'completed' and sessions.scheduled_at < as_of.known_before_at
    group by sessions.enrollment_id
),

-- one that was revoked was never earned; one that has expired was
valid_credentials as (
    select
        credentials.issuer_id,
        credentials.credential_id,
        credentials.participant_id,
        credentials.enrollment_id,
        credentials.awarded_at
    from credentials
    cross join as_of
    where
        credentials.awarded_at < as_of.known_before_at
        and (credentials.revoked_at is null or credentials.revoked_at >= as_of.known_before_at)
),

-- a credential that names no enrollment is by the last one that was completed before it
unnamed_credentials as (
    select
        enrollments.enrollment_id,
        valid_credentials.awarded_at,
        row_number() over (
            partition by valid_credentials.issuer_id, valid_credentials.credential_id
            order by enrollments.completed_at desc, enrollments.enrollment_id desc
        ) as completion_no_from_last
    from valid_credentials
    inner join enrollments
        on
            valid_credentials.participant_id = enrollments.participant_id
            and valid_credentials.awarded_at >= enrollments.completed_at
    cross join thresholds
    where
        valid_credentials.enrollment_id is null
        and {{ days_between('enrollments.completed_at', 'valid_credentials.awarded_at') }}
        <= thresholds.credential_window_days
),

credentials_of_enrollments as (
    select
        enrollment_id,
        awarded_at
    from valid_credentials
    where enrollment_id is not null
    union all
    select
        enrollment_id,
        awarded_at
    from unnamed_credentials
    where completion_no_from_last = 1
),

first_credentials as (
    select
        enrollment_id,
        min(awarded_at) as credentialed_at
    from credentials_of_enrollments
    group by enrollment_id
),

-- a move is the participant's as long as they have not left the employer for good
first_moves as (
    select
        enrollments.enrollment_id,
        cast(min(job_events.effective_date) as timestamp) as mobile_at
    from enrollments
    inner join job_events
        on
            enrollments.account_id = job_events.account_id
            and enrollments.worker_id = job_events.worker_id
            and enrollments.start_date <= job_events.effective_date
    cross join as_of
    where
        job_events.event_type in ('promotion', 'lateral')
        and job_events.effective_date <= as_of.as_of_date
        and (
            enrollments.terminated_at is null
            or job_events.effective_date < cast(enrollments.terminated_at as date)
        )
    group by enrollments.enrollment_id
),

-- the day of the end is no day of the break, the as-of day is
break_days as (
    select
        breaks.enrollment_id,
        cast(sum(greatest(0, {{ days_between(
            'greatest(breaks.break_from_date, enrollments.start_date)',
            'least(breaks.break_to_date, coalesce(enrollments.ended_date, '
            ~ add_days('as_of.as_of_date', 1)
            ~ '))'
        ) }})) as int) as break_days_count
    from breaks
    inner join enrollments on breaks.enrollment_id = enrollments.enrollment_id
    cross join as_of
    group by breaks.enrollment_id
),

transfers as (
    select
        enrollments.enrollment_id,
        continuations.enrollment_id as transferred_to_enrollment_id,
        row_number() over (
            partition by enrollments.enrollment_id
            order by continuations.start_date, continuations.enrollment_id
        ) as continuation_no
    from enrollments
    inner join enrollments as continuations
        on
            enrollments.participant_id = continuations.participant_id
            and enrollments.program_id <> continuations.program_id
            and enrollments.ended_date <= continuations.start_date
    cross join thresholds
    where
        enrollments.exit_status = 'transferred'
        and {{ days_between('enrollments.ended_date', 'continuations.start_date') }}
        <= thresholds.transfer_window_days
),

final as (
    select
        enrollments.enrollment_id,
        transfers.transferred_to_enrollment_id,
        coalesce(break_days.break_days_count, 0) as break_days_count,
        first_submissions.first_submission_at,
        first_sessions.first_coaching_at,
        first_credentials.credentialed_at,
        first_moves.mobile_at
    from enrollments
    left join first_submissions on enrollments.enrollment_id = first_submissions.enrollment_id
    left join first_sessions on enrollments.enrollment_id = first_sessions.enrollment_id
    left join first_credentials on enrollments.enrollment_id = first_credentials.enrollment_id
    left join first_moves on enrollments.enrollment_id = first_moves.enrollment_id
    left join break_days on enrollments.enrollment_id = break_days.enrollment_id
    left join transfers
        on enrollments.enrollment_id = transfers.enrollment_id and transfers.continuation_no = 1
)

select * from final
