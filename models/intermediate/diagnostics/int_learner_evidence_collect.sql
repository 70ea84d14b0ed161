-- one row per question and observation of learners: what they met, did and said
with enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
activity as (select * from {{ ref('int_learning_event_aggregate') }}),
sessions as (select * from {{ ref('stg_coaching_session') }}),
coached_programs as (select * from {{ ref('int_program_coaching_find') }}),
answers as (select * from {{ ref('stg_survey_response') }}),
questions as (select * from {{ ref('diagnostic_questions') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

activity_days as (
    select
        enrollment_id,
        activity_date,
        sum(friction_count) > 0 as has_friction
    from activity
    group by enrollment_id, activity_date
),

phases as (
    select
        enrollments.account_id,
        enrollments.enrollment_id,
        activity_days.has_friction,
        case
            when
                {{ days_between('enrollments.start_date', 'activity_days.activity_date') }}
                <= thresholds.activation_window_days
                then 'early_friction_days'
            else 'later_friction_days'
        end as measure_code
    from activity_days
    inner join enrollments on activity_days.enrollment_id = enrollments.enrollment_id
    cross join thresholds
    where
        enrollments.started_at is not null
        and activity_days.activity_date >= enrollments.start_date
        and activity_days.activity_date
        <= coalesce(enrollments.ended_date, activity_days.activity_date)
),

-- days, not events, and a mean of enrollments: whoever tries twenty times is one person
friction as (
    select
        account_id,
        measure_code,
        enrollment_id as observation_id,
        {{ rate('count_if(has_friction)', 'count(*)') }} as observed_value
    from phases
    group by account_id, measure_code, enrollment_id
),

-- who was never booked had no early session either
coaching as (
    select
        enrollments.account_id,
        enrollments.enrollment_id,
        enrollments.start_date,
        enrollments.ended_date,
        enrollments.last_full_date,
        coached_programs.coaching_from_date,
        -- a session in the past that is still booked has no known end
        cast(count_if(
            sessions.scheduled_at < as_of.known_before_at and sessions.status <> 'booked'
        ) as bigint) as due_count,
        cast(count_if(
            sessions.scheduled_at < as_of.known_before_at
            and sessions.status in ('cancelled_participant', 'rescheduled')
        ) as bigint) as moved_count,
        min({{ local_date('sessions.scheduled_at', 'enrollments.timezone') }}) filter (
            where
            sessions.status = 'completed' and sessions.scheduled_at < as_of.known_before_at
        ) as first_held_date
    from enrollments
    inner join coached_programs
        on
            enrollments.account_id = coached_programs.account_id
            and enrollments.program_id = coached_programs.program_id
    left join sessions on enrollments.enrollment_id = sessions.enrollment_id
    cross join as_of
    where enrollments.started_at is not null
    group by
        enrollments.account_id,
        enrollments.enrollment_id,
        enrollments.start_date,
        enrollments.ended_date,
        enrollments.last_full_date,
        coached_programs.coaching_from_date
),

-- only who was still there at the end of the window: who left before had no time for a session
first_sessions as (
    select
        coaching.account_id,
        'early_first_coaching' as measure_code,
        coaching.enrollment_id as observation_id,
        case
            when
                {{ days_between('coaching.start_date', 'coaching.first_held_date') }}
                <= thresholds.first_coaching_days
                then cast(1 as double)
            else cast(0 as double)
        end as observed_value
    from coaching
    cross join thresholds
    where
        {{ add_days('coaching.start_date', 'thresholds.first_coaching_days') }}
        <= least(
            coaching.last_full_date, coalesce(coaching.ended_date, coaching.last_full_date)
        )
        and {{ add_days('coaching.start_date', 'thresholds.first_coaching_days') }}
        >= coaching.coaching_from_date
),

moved_sessions as (
    select
        account_id,
        'moved_sessions' as measure_code,
        enrollment_id as observation_id,
        {{ rate('moved_count', 'due_count') }} as observed_value
    from coaching
    where due_count > 0
),

-- a respondent who is asked each month is one observation
said as (
    select
        answers.account_id,
        answers.item_code as measure_code,
        coalesce(answers.respondent_key, answers.participant_id, answers.response_id)
            as observation_id,
        avg(
            100 * cast(answers.score - answers.scale_min as double)
            / cast(answers.scale_max - answers.scale_min as double)
        ) as observed_value
    from answers
    cross join as_of
    where
        answers.chain_role = 'participant'
        and answers.scale_max > answers.scale_min
        and answers.responded_at < as_of.known_before_at
    group by
        answers.account_id,
        answers.item_code,
        coalesce(answers.respondent_key, answers.participant_id, answers.response_id)
),

observations as (
    select * from friction
    union all
    select * from first_sessions
    union all
    select * from moved_sessions
    union all
    select * from said
),

final as (
    select
        observations.account_id,
        questions.question_code,
        observations.observation_id,
        observations.observed_value
    from observations
    inner join questions on observations.measure_code = questions.measure_code
)

select * from final
