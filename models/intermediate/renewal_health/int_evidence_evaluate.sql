-- one row per account and component: what this build can say of it at its as-of date
with outcomes as (select * from {{ ref('rpt_workforce_outcomes') }}),
returns as (select * from {{ ref('rpt_employer_roi') }}),
account_periods as (select * from {{ ref('int_account_period_sum') }}),
periods as (select * from {{ ref('int_profit_period_find') }}),
accounts as (select * from {{ ref('dim_accounts') }}),
enrollments as (select * from {{ ref('stg_enrollment') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

first_months as (
    select {{ month_start('min(coalesce(cast(enrolled_at as date), start_date))') }} as month
    from enrollments
),

-- before a first year is over there is nothing to evaluate
evaluations as (
    select as_of.as_of_date as evaluated_on
    from as_of
    inner join first_months
        on as_of.as_of_date >= {{ add_days(add_months('first_months.month', 12), -1) }}
),

workforce as (
    select
        account_id,
        case outcome_code
            when 'retained_12m_voluntary' then 'retention_improvement'
            when 'internal_mobility_12m' then 'internal_mobility'
            else 'promotion_rate'
        end as component_code,
        adjusted_difference as measured_value,
        ci_low,
        ci_high,
        matched_count as people_count,
        evidence_grade,
        period_start,
        period_end as last_index_date,
        is_estimable as is_supplied,
        reason
    from outcomes
    where
        stratum = 'all'
        and account_id <> 'all'
        and outcome_code in ('retained_12m_voluntary', 'internal_mobility_12m', 'promoted_12m')
),

employer as (
    select
        account_id,
        'employer_roi' as component_code,
        max(case when scenario = 'base' then roi_rate end) as measured_value,
        max(case when scenario = 'low' then roi_rate end) as ci_low,
        max(case when scenario = 'high' then roi_rate end) as ci_high,
        max(participants_count) as people_count,
        max(evidence_grade) as evidence_grade,
        max(period_start) as period_start,
        max(period_end) as last_index_date,
        bool_and(is_estimable) as is_supplied,
        max(case when scenario = 'base' then reason end) as reason
    from returns
    where account_id <> 'all'
    group by account_id
),

compared as (
    select * from workforce
    union all
    select * from employer
),

-- what is observed of a participant ends twelve months after the month of enrolling
observed as (
    select
        account_id,
        component_code,
        measured_value,
        ci_low,
        ci_high,
        people_count,
        evidence_grade,
        period_start,
        {{ add_days(add_months(add_days('last_index_date', 1), 12), -1) }} as period_end,
        is_supplied,
        reason
    from compared
),

last_years as (
    select *
    from periods
    where period_code = 'T12M'
),

account_ids as (
    select account_id
    from accounts
    group by account_id
),

profits as (
    select
        account_ids.account_id,
        last_years.period_start,
        last_years.period_end,
        case
            when
                last_years.is_complete
                and not account_periods.is_held
                and account_periods.revenue_amount > 0
                then {{ rate('account_periods.profit_amount', 'account_periods.revenue_amount') }}
        end as net_margin,
        case
            when last_years.period_code is null then 'no month is closed yet'
            when not last_years.is_complete then 'fewer than twelve months are closed'
            when account_periods.is_held then 'the net profit of a month is not known'
            else 'nothing was billed in the twelve months'
        end as held_reason
    from account_ids
    left join last_years on true
    left join account_periods
        on
            last_years.period_code = account_periods.period_code
            and account_ids.account_id = account_periods.account_id
),

margins as (
    select
        account_id,
        'account_profit' as component_code,
        net_margin as measured_value,
        cast(null as double) as ci_low,
        cast(null as double) as ci_high,
        cast(null as bigint) as people_count,
        case when net_margin is not null then 'B' end as evidence_grade,
        period_start,
        period_end,
        net_margin is not null as is_supplied,
        case when net_margin is null then held_reason end as reason
    from profits
),

components as (
    select * from observed
    union all
    select * from margins
),

final as (
    select
        evaluations.evaluated_on,
        components.account_id,
        components.component_code,
        components.measured_value as value, -- noqa: RF04
        components.ci_low,
        components.ci_high,
        components.people_count,
        components.evidence_grade,
        components.period_start,
        components.period_end,
        components.is_supplied,
        components.reason
    from components
    cross join evaluations
)

select * from final
