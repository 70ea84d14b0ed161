-- one row per account ('all' too), case and month: what it cost, and what came back
with elapses as (select * from {{ ref('int_roi_elapse_measure') }}),
pools as (select * from {{ ref('int_roi_pool_expand') }}),
costs as (select * from {{ ref('int_roi_cost_sum') }}),
benefits as (select * from {{ ref('int_roi_benefit_compute') }}),
unit_values as (select * from {{ ref('int_roi_unit_value_measure') }}),
cases as (select * from {{ ref('roi_cases') }}),

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
accrued as (
    select
        elapses.account_code,
        returned.case_code,
        elapses.month,
        elapses.month_no,
        {{ whole_cents('cast(returned.benefit_amount as double) * elapses.elapsed_share') }}
            as benefit_so_far,
        cast(coalesce(spent.cost_amount, 0) as decimal(18, 2)) as cost_amount
    from elapses
    inner join returned on elapses.account_code = returned.account_code
    left join spent
        on elapses.account_code = spent.account_code and elapses.month = spent.month
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
    from accrued
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
