-- one row per indicator and thing that it is measured on: met or not, and watched to the end?
with followed as (select * from {{ ref('int_enrollment_indicator_observe') }}),
learner_weeks as (select * from {{ ref('fct_learner_weeks') }}),
enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
due as (select * from {{ ref('int_assignment_due_expand') }}),
sessions as (select * from {{ ref('stg_coaching_session') }}),
retention as (select * from {{ ref('int_retention_compare') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

weeks as (
    select
        learner_weeks.enrollment_id,
        learner_weeks.account_id,
        learner_weeks.week_start_date,
        {{ month_start('learner_weeks.week_start_date') }} as month,
        learner_weeks.is_active,
        learner_weeks.is_observed_fully,
        enrollments.ended_date is null
        or {{ add_days('learner_weeks.week_start_date', 6) }} < enrollments.ended_date
            as is_lived_through
    from learner_weeks
    inner join enrollments on learner_weeks.enrollment_id = enrollments.enrollment_id
    where learner_weeks.is_at_risk
),

-- durable: as large a share of a month's weeks as makes a learner engaged in the first ones
learner_months as (
    select
        weeks.enrollment_id,
        weeks.account_id,
        weeks.month,
        case
            when count(weeks.is_active) = count(*)
                then
                    cast(count_if(weeks.is_active) as double) / cast(count(*) as double)
                    >= max(
                        cast(thresholds.engagement_active_weeks as double)
                        / thresholds.engagement_window_weeks
                    )
        end as is_met,
        bool_and(weeks.is_observed_fully) as is_mature
    from weeks
    cross join thresholds
    where weeks.is_lived_through
    group by weeks.enrollment_id, weeks.account_id, weeks.month
    having count(*) >= 2
),

held_or_missed as (
    select
        enrollments.enrollment_id,
        enrollments.account_id,
        {{ local_date('sessions.scheduled_at', 'enrollments.timezone') }} as scheduled_date,
        sessions.status = 'completed' as is_met,
        enrollments.last_full_date
    from sessions
    inner join enrollments on sessions.enrollment_id = enrollments.enrollment_id
    cross join as_of
    where
        sessions.status in ('completed', 'no_show', 'cancelled_participant')
        and sessions.scheduled_at < as_of.known_before_at
)

select
    indicator_code,
    account_id,
    enrollment_id,
    cast(null as {{ dbt.type_string() }}) as worker_id,
    {{ month_start('counted_date') }} as month,
    is_met,
    is_mature,
    cast(null as double) as comparison_rate
from followed
union all
select
    'weekly_active_learners' as indicator_code,
    account_id,
    enrollment_id,
    cast(null as {{ dbt.type_string() }}) as worker_id,
    month,
    is_active as is_met,
    is_observed_fully as is_mature,
    cast(null as double) as comparison_rate
from weeks
union all
select
    'program_engagement' as indicator_code,
    account_id,
    enrollment_id,
    cast(null as {{ dbt.type_string() }}) as worker_id,
    month,
    is_met,
    is_mature,
    cast(null as double) as comparison_rate
from learner_months
union all
select
    case when assignment_type = 'simulation' then 'simulation' else 'assignment' end
    || '_completion' as indicator_code,
    account_id,
    enrollment_id,
    cast(null as {{ dbt.type_string() }}) as worker_id,
    {{ month_start('due_date') }} as month,
    is_on_time as is_met,
    is_mature,
    cast(null as double) as comparison_rate
from due
union all
select
    'coaching_attendance' as indicator_code,
    account_id,
    enrollment_id,
    cast(null as {{ dbt.type_string() }}) as worker_id,
    {{ month_start('scheduled_date') }} as month,
    is_met,
    scheduled_date <= last_full_date as is_mature,
    cast(null as double) as comparison_rate
from held_or_missed
union all
select
    'retention_improvement' as indicator_code,
    account_id,
    cast(null as {{ dbt.type_string() }}) as enrollment_id,
    worker_id,
    index_month as month,
    case when colleagues_count > 0 then is_retained end as is_met,
    is_mature,
    {{ rate('colleagues_retained_count', 'colleagues_count') }} as comparison_rate
from retention
