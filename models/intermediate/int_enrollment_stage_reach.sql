-- one row per enrollment and supplied stage: was it reached, when, and was it watched long enough?
with journeys as (select * from {{ ref('fct_enrollment_journeys') }}),
enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
stages as (select * from {{ ref('dim_stages') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

-- clock_date: the day from which the next stage is waited for; for `enrolled` the program's start
reached as (
    select
        journeys.enrollment_id,
        journeys.account_id,
        journeys.program_id,
        {{ month_start('journeys.start_date') }} as cohort_month,
        stages.stage_code,
        stages.stage_order,
        stages.previous_stage_code,
        case stages.stage_code
            when 'enrolled' then journeys.start_date
            when 'activated'
                then {{ local_date('journeys.activated_at', 'enrollments.timezone') }}
            when 'engaged' then {{ local_date('journeys.engaged_at', 'enrollments.timezone') }}
            when 'completed' then {{ local_date('journeys.completed_at', 'enrollments.timezone') }}
        end as clock_date,
        enrollments.ended_date,
        {{ add_days(
            'journeys.start_date',
            "case stages.stage_code "
            ~ "when 'activated' then thresholds.activation_window_days "
            ~ "when 'engaged' then 7 * thresholds.engagement_window_weeks - 1 "
            ~ "when 'completed' "
            ~ "then ceil(journeys.planned_days * thresholds.completion_window_share) "
            ~ "else 0 end"
        ) }} as window_end_date,
        case
            when stages.required_entity = 'learning_event' then enrollments.activity_until_date
            else enrollments.last_full_date
        end as observed_until_date
    from journeys
    inner join enrollments on journeys.enrollment_id = enrollments.enrollment_id
    cross join stages
    cross join thresholds
    where stages.is_supplied
),

-- a stage without a date of its own although a later one was reached is implied, and counted apart
final as (
    select
        *,
        clock_date is not null as is_reached,
        coalesce(clock_date <= window_end_date, false) as is_reached_in_time,
        coalesce(window_end_date <= observed_until_date, false) as is_mature,
        clock_date is null
        and coalesce(
            max(case when clock_date is not null then stage_order end)
                over (partition by enrollment_id)
            > stage_order,
            false
        ) as is_implied,
        lag(clock_date) over (partition by enrollment_id order by stage_order) is not null
            as is_previous_reached
    from reached
)

select * from final
