-- What: an account's net profit is the sum of the landed rows and the costed work behind it.
-- When it matters: a page shows the parts as a waterfall; they must come to the net profit.
-- How to resolve: a line_group is new, or a join in rpt_account_profitability lost or doubled rows.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_account_profitability'}}}) }}
with profits as (select * from {{ ref('rpt_account_profitability') }}),
money as (select * from {{ ref('int_money_line_convert') }}),
activity_costs as (select * from {{ ref('fct_activity_costs') }}),

signed as (
    select
        account_id,
        month,
        case line_group when 'revenue' then amount else -amount end as amount
    from money
    where
        line_group in ('revenue', 'direct_cost', 'sustaining_cost')
        and account_id <> 'none'
    union all
    select
        account_id,
        month,
        -cost_amount as amount
    from activity_costs
    where account_id <> 'internal'
),

summed as (
    select
        account_id,
        month,
        sum(amount) as net_profit_amount
    from signed
    group by account_id, month
)

select
    profits.account_id,
    profits.month,
    profits.net_profit_amount,
    summed.net_profit_amount as summed_amount
from profits
left join summed on profits.account_id = summed.account_id and profits.month = summed.month
where
    profits.is_supplied
    and (
        profits.net_profit_amount <> coalesce(summed.net_profit_amount, 0)
        or profits.gross_profit_amount - profits.cost_to_serve_amount
        - profits.sustaining_cost_amount <> profits.net_profit_amount
    )
