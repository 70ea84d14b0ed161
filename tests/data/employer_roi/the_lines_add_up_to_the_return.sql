-- What: the benefit and cost lines of an account and scenario add up to its return, to the cent.
-- When it matters: a page shows the lines as a waterfall that ends at the net benefit.
-- How to resolve: a line is new, or a join in rpt_roi_lines or int_roi_case_sum lost rows.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_roi_lines'}}}) }}
with returns as (select * from {{ ref('rpt_employer_roi') }}),
lines as (select * from {{ ref('rpt_roi_lines') }}),

summed as (
    select
        account_id,
        scenario,
        coalesce(sum(amount) filter (where line_type = 'benefit'), 0) as benefit_amount,
        coalesce(sum(amount) filter (where line_type = 'cost'), 0) as cost_amount,
        coalesce(sum(amount) filter (where is_hidden), 0) as hidden_cost_amount,
        count(*) as lines_count
    from lines
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
left join summed
    on returns.account_id = summed.account_id and returns.scenario = summed.scenario
where
    (returns.is_estimable and coalesce(summed.lines_count, 0) <> 11)
    or coalesce(returns.benefit_amount, 0) <> coalesce(summed.benefit_amount, 0)
    or (
        returns.cost_amount is not null
        and (
            returns.cost_amount <> summed.cost_amount
            or returns.hidden_cost_amount <> summed.hidden_cost_amount
        )
    )
