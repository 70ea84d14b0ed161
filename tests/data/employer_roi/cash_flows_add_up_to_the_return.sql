-- What: the months of an account and scenario add up to its benefit, cost and net present value.
-- When it matters: payback and net present value are read from the months.
-- How to resolve: a cost outside the months of int_roi_cash_flow_spread, or a benefit that is not
--   spread whole.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_roi_cash_flows'}}}) }}
with returns as (select * from {{ ref('rpt_employer_roi') }}),
flows as (select * from {{ ref('rpt_roi_cash_flows') }}),

marked as (
    select
        *,
        month = max(month) over (partition by account_id, scenario) as is_last_month
    from flows
),

summed as (
    select
        account_id,
        scenario,
        sum(benefit_amount) as benefit_amount,
        sum(cost_amount) as cost_amount,
        sum(discounted_net_amount) as npv_amount,
        max(cumulative_net_amount) filter (where is_last_month) as cumulative_net_amount
    from marked
    group by account_id, scenario
)

select
    returns.account_id,
    returns.scenario,
    returns.benefit_amount,
    summed.benefit_amount as summed_benefit_amount,
    returns.cost_amount,
    summed.cost_amount as summed_cost_amount
from returns
full outer join summed
    on returns.account_id = summed.account_id and returns.scenario = summed.scenario
where
    (coalesce(returns.is_estimable, false) and summed.account_id is null)
    or (not coalesce(returns.is_estimable, false) and summed.account_id is not null)
    or returns.benefit_amount <> summed.benefit_amount
    or returns.cost_amount <> summed.cost_amount
    or returns.npv_amount <> summed.npv_amount
    or returns.net_benefit_amount <> summed.cumulative_net_amount
