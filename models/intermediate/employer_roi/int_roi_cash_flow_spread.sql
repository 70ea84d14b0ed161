-- one row per account ('all' too), case and month: what it cost, and what came back
with judged as (select * from {{ ref('int_roi_account_judge') }}),
pools as (select * from {{ ref('int_roi_pool_expand') }}),
participants as (select * from {{ ref('int_roi_participant_count') }}),
costs as (select * from {{ ref('int_roi_cost_sum') }}),
benefits as (select * from {{ ref('int_roi_benefit_compute') }}),
unit_values as (select * from {{ ref('int_roi_unit_value_measure') }}),
cases as (select * from {{ ref('roi_cases') }}),

spans as (
    select
        account_code,
        period_start,
        {{ add_months(month_start('period_end'), 12) }} as last_month
    from judged
    where is_estimable
),

days as (
    select
        account_code,
        period_start,
        {{ date_series('period_start', 'last_month') }} as date_day
    from spans
),

months as (
    select
        account_code,
        period_start,
        date_day as month,
        cast(
            12 * (extract(year from date_day) - extract(year from period_start))
            + extract(month from date_day) - extract(month from period_start) + 1 as int
        ) as month_no
    from days
    where date_day = {{ month_start('date_day') }}
),

enrolled as (
    select
        pools.account_code,
        participants.index_month,
        sum(participants.participants_count) as enrolled_count
    from pools
    inner join participants on pools.account_id = participants.account_id
    group by pools.account_code, participants.index_month
),

-- a participant's year: the twelve months after the one of enrolling
participant_months as (
    select
        months.account_code,
        months.month,
        cast(coalesce(sum(enrolled.enrolled_count), 0) as double) as participants_count
    from months
    left join enrolled
        on
            months.account_code = enrolled.account_code
            and months.month > enrolled.index_month
            and months.month <= {{ add_months('enrolled.index_month', 12) }}
    group by months.account_code, months.month
),

cumulated as (
    select
        account_code,
        month,
        sum(participants_count) over (
            partition by account_code order by month
            rows between unbounded preceding and current row
        ) / sum(participants_count) over (partition by account_code) as elapsed_share
    from participant_months
),

spent as (
    select
        pools.account_code,
        costs.month,
        sum(costs.amount) as cost_amount
    from pools
    inner join costs on pools.account_id = costs.account_id
    group by pools.account_code, costs.month
),

returned as (
    select
        account_code,
        case_code,
        sum(amount) as benefit_amount
    from benefits
    group by account_code, case_code
),

-- what has come back so far is rounded, so that the months add up to the whole
elapsed as (
    select
        months.account_code,
        returned.case_code,
        months.month,
        months.month_no,
        {{ whole_cents('cast(returned.benefit_amount as double) * cumulated.elapsed_share') }}
            as benefit_so_far,
        cast(coalesce(spent.cost_amount, 0) as decimal(18, 2)) as cost_amount
    from months
    inner join cumulated
        on months.account_code = cumulated.account_code and months.month = cumulated.month
    inner join returned on months.account_code = returned.account_code
    left join spent
        on months.account_code = spent.account_code and months.month = spent.month
),

flows as (
    select
        account_code,
        case_code,
        month,
        month_no,
        cost_amount,
        cast(
            benefit_so_far - coalesce(lag(benefit_so_far) over (
                partition by account_code, case_code order by month_no
            ), 0) as decimal(18, 2)
        ) as benefit_amount
    from elapsed
),

discounted as (
    select
        flows.*,
        cast(flows.benefit_amount - flows.cost_amount as decimal(18, 2)) as net_amount,
        case cases.discount_rate
            when 'low' then unit_values.low_mean
            when 'high' then unit_values.high_mean
            else unit_values.base_mean
        end as discount_rate
    from flows
    inner join cases on flows.case_code = cases.case_code
    left join unit_values
        on
            flows.account_code = unit_values.account_code
            and unit_values.parameter = 'discount_rate'
)

select
    account_code,
    case_code,
    month,
    month_no,
    benefit_amount,
    cost_amount,
    net_amount,
    cast(sum(net_amount) over (
        partition by account_code, case_code order by month_no
        rows between unbounded preceding and current row
    ) as decimal(18, 2)) as cumulative_net_amount,
    {{ whole_cents(present_value('net_amount', 'discount_rate', 'month_no')) }}
        as discounted_net_amount
from discounted
