-- What: the lines of an account's period add up to the net profit that the whale curve ranks it by.
-- When it matters: a line left out of the statement, or counted twice, tells another story than the
--   curve.
-- How to resolve: compare fct_profit_lines with rpt_account_profitability, by account and month.
with curve as (select * from {{ ref('rpt_whale_curve') }}),
lines as (select * from {{ ref('rpt_account_profit_lines') }}),

ends as (
    select
        period_code,
        account_id,
        sum(case when line_group not in ('gross_profit', 'net_profit') then amount else 0 end)
            as lines_amount,
        max(case when line_group = 'gross_profit' then amount end) as gross_amount,
        max(case when line_group = 'net_profit' then amount end) as net_amount
    from lines
    group by period_code, account_id
)

select
    curve.period_code,
    curve.account_id,
    curve.profit_amount,
    ends.lines_amount,
    ends.net_amount
from curve
left join ends on curve.period_code = ends.period_code and curve.account_id = ends.account_id
where
    coalesce(
        ends.lines_amount <> curve.profit_amount
        or ends.net_amount <> curve.profit_amount
        or ends.gross_amount <> curve.gross_profit_amount,
        true
    )
