-- one row per enrollment and supplied stage from `enrolled` on: was it reached, when, and was it
-- watched long enough?
with journeys as (select * from {{ ref('fct_enrollment_journeys') }}),
enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
credentialed_programs as (select * from {{ ref('int_program_credential_find') }}),
stages as (select * from {{ ref('dim_stages') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

dated as (
    select
        journeys.enrollment_id,
        journeys.account_id,
        journeys.worker_id,
        journeys.program_id,
        {{ month_start('journeys.start_date') }} as cohort_month,
        journeys.start_date,
        {{ local_date('journeys.activated_at', 'enrollments.timezone') }} as activated_date,
        {{ local_date('journeys.engaged_at', 'enrollments.timezone') }} as engaged_date,
        {{ local_date('journeys.completed_at', 'enrollments.timezone') }} as completed_date,
        {{ local_date('journeys.credentialed_at', 'enrollments.timezone') }} as credentialed_date,
        cast(journeys.mobile_at as date) as mobile_date,
        cast(journeys.terminated_at as date) as terminated_date,
        enrollments.ended_date,
        {{ add_days(
            'journeys.start_date',
            'ceil(journeys.planned_days * thresholds.completion_window_share) '
            ~ '+ coalesce(journeys.break_days_count, 0)'
        ) }} as completion_until_date,
        enrollments.last_full_date,
        enrollments.activity_from_date,
        enrollments.activity_until_date
    from journeys
    inner join enrollments on journeys.enrollment_id = enrollments.enrollment_id
    cross join thresholds
),

-- clock_date: the day from which the next stage is waited for; for `enrolled` the program's start.
-- competing_date: the day from which the stage can no longer be reached: up to `completed` that of
-- any end, for the credential that of leaving without completion, for mobility of leaving the
-- employer. left_date: the day from which nobody stands at it any more without having advanced.
-- Of who is not linked to a worker nothing is known of mobility; a program without a credential has
-- none to award
reached as (
    select
        dated.enrollment_id,
        dated.account_id,
        dated.program_id,
        dated.cohort_month,
        dated.start_date,
        stages.stage_code,
        stages.stage_order,
        stages.previous_stage_code,
        stages.needs_previous,
        case stages.stage_code
            when 'enrolled' then dated.start_date
            when 'activated' then dated.activated_date
            when 'engaged' then dated.engaged_date
            when 'completed' then dated.completed_date
            when 'credentialed' then dated.credentialed_date
            when 'mobile' then dated.mobile_date
        end as clock_date,
        case
            when stages.stage_code = 'mobile' then dated.terminated_date
            when stages.stage_code = 'credentialed' and dated.completed_date is not null then null
            else dated.ended_date
        end as competing_date,
        case
            when stages.stage_code = 'mobile' or dated.completed_date is not null
                then dated.terminated_date
            else dated.ended_date
        end as left_date,
        case when stages.required_entity = 'learning_event' then dated.activity_from_date end
            as observed_from_date,
        case stages.stage_code
            when 'enrolled' then dated.start_date
            when 'activated'
                then {{ add_days('dated.start_date', 'thresholds.activation_window_days') }}
            when 'engaged'
                then {{ add_days(
                    'dated.start_date', '7 * thresholds.engagement_window_weeks - 1'
                ) }}
            when 'completed' then dated.completion_until_date
            when 'credentialed'
                then {{ add_days(
                    'coalesce(dated.completed_date, dated.completion_until_date)',
                    'thresholds.credential_window_days'
                ) }}
            when 'mobile' then {{ add_days('dated.start_date', 'thresholds.mobility_window_days') }}
        end as window_end_date,
        case
            when stages.required_entity = 'learning_event' then dated.activity_until_date
            else dated.last_full_date
        end as observed_until_date
    from dated
    cross join stages
    cross join thresholds
    left join credentialed_programs on dated.program_id = credentialed_programs.program_id
    where
        stages.is_supplied
        and stages.dated_by = 'fct_enrollment_journeys'
        and (stages.stage_code <> 'mobile' or dated.worker_id is not null)
        and (
            stages.stage_code <> 'credentialed' or credentialed_programs.program_id is not null
        )
),

resolved as (
    {{ stage_reach('reached', 'enrollment_id') }}
),

final as (
    select
        enrollment_id,
        account_id,
        program_id,
        cohort_month,
        stage_code,
        stage_order,
        previous_stage_code,
        needs_previous,
        clock_date,
        competing_date,
        left_date,
        observed_from_date,
        window_end_date,
        observed_until_date,
        is_reached,
        is_reached_in_time,
        -- a window that began before anybody's activity was known has not been watched
        is_mature and not coalesce(start_date < observed_from_date, false) as is_mature,
        is_implied,
        is_previous_reached,
        is_previous_reached_in_time
    from resolved
)

select * from final
