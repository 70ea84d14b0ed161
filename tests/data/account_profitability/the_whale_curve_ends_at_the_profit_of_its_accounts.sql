-- What: the curve's last point is the net profit, by account and month, of the accounts it ranks.
-- When it matters: an account counted twice, or lost on the way to the curve, moves its peak.
-- How to resolve: compare int_account_period_sum with rpt_account_profitability for the period.
with curve as (select * from {{ ref('rpt_whale_curve') }}),
concentration as (select * from {{ ref('rpt_concentration') }}),
account_months as (select * from {{ ref('rpt_account_profitability') }}),

totals as (
    select
        curve.period_code,
        sum(account_months.net_profit_amount) as profit_amount
    from curve
    inner join concentration on curve.period_code = concentration.period_code
    inner join account_months
        on
            curve.account_id = account_months.account_id
            and account_months.month between
            concentration.period_start and concentration.counted_until_date
    group by curve.period_code
)

select
    curve.period_code,
    curve.cumulative_profit_amount,
    totals.profit_amount,
    concentration.total_profit_amount
from curve
inner join totals on curve.period_code = totals.period_code
inner join concentration on curve.period_code = concentration.period_code
where
    curve.profit_rank = curve.accounts_count
    and (
        curve.cumulative_profit_amount <> totals.profit_amount
        or concentration.total_profit_amount <> totals.profit_amount
    )
