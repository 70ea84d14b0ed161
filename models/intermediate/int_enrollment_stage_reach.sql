-- one row per enrollment and supplied stage: was it reached, when, and was it watched long enough?
with journeys as (select * from {{ ref('fct_enrollment_journeys') }}),
stages as (select * from {{ ref('dim_stages') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),
activity as (select * from {{ ref('int_activity_observe') }}),

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
        cast(case stages.stage_code
            when 'enrolled' then cast(journeys.start_date as timestamp)
            when 'activated' then journeys.activated_at
            when 'engaged' then journeys.engaged_at
            when 'completed' then journeys.completed_at
        end as date) as clock_date,
        cast(coalesce(journeys.completed_at, journeys.exited_at) as date) as ended_date,
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
            when stages.required_entity = 'learning_event' then activity.activity_until_date
            else as_of.last_full_date
        end as observed_until_date
    from journeys
    cross join stages
    cross join thresholds
    cross join as_of
    cross join activity
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
