-- What: every account in a period's P&L is ranked there or held back, never both; only 'unknown',
--   which is no account, is neither.
-- When it matters: an account that is left out without a word makes the curve look better or worse.
-- How to resolve: look at is_held and is_ranked in int_account_period_sum.
with concentration as (select * from {{ ref('rpt_concentration') }}),
account_months as (select * from {{ ref('rpt_account_profitability') }}),

present as (
    select
        concentration.period_code,
        concentration.accounts_count,
        concentration.held_accounts_count,
        account_months.account_id
    from concentration
    inner join account_months
        on
            account_months.month between
            concentration.period_start and concentration.counted_until_date
    where account_months.account_id <> 'unknown'
    group by
        concentration.period_code, concentration.accounts_count,
        concentration.held_accounts_count, account_months.account_id
)

select
    period_code,
    accounts_count,
    held_accounts_count,
    count(*) as present_count
from present
group by period_code, accounts_count, held_accounts_count
having count(*) <> accounts_count + held_accounts_count
