with participant as (select * from {{ ref('int_metric_value_participant') }}),
employer as (select * from {{ ref('int_metric_value_employer') }}),
operations as (select * from {{ ref('int_metric_value_operations') }}),
stakeholder as (select * from {{ ref('int_metric_value_stakeholder') }}),
metrics as (select * from {{ ref('dim_metrics') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

metric_values as (
    select * from participant
    union all
    select * from employer
    union all
    select * from operations
    union all
    select * from stakeholder
),

dated as (
    select
        *,
        coalesce(first_date, cast('1900-01-01' as date)) as period_start_date
    from metric_values
),

final as (
    select
        {{ surrogate_key([
            'dated.metric_code',
            'dated.account_code',
            'dated.period_grain',
            'dated.period_start_date'
        ]) }} as metric_value_key,
        dated.metric_code,
        dated.account_code as account_id,
        dated.period_grain,
        dated.period_start_date as period_start,
        case dated.period_grain
            when 'week' then {{ add_days('dated.period_start_date', 6) }}
            when 'month' then {{ add_days(add_months('dated.period_start_date', 1), -1) }}
            when 'quarter' then {{ add_days(add_months('dated.period_start_date', 3), -1) }}
            when 'all' then as_of.as_of_date
            else dated.last_date
        end as period_end,
        metrics.unit,
        coalesce(
            dated.fewest_people_count < case
                when dated.metric_code in ('sponsor_satisfaction', 'ticket_satisfaction')
                    then thresholds.survey_people_least
                else thresholds.people_least
            end,
            false
        ) as is_suppressed,
        dated.metric_value as value, -- noqa: RF04
        dated.numerator,
        dated.denominator,
        dated.people_count,
        dated.fewest_people_count,
        dated.table_name
    from dated
    inner join metrics on dated.metric_code = metrics.metric_code
    cross join thresholds
    cross join as_of
)

select * from final
