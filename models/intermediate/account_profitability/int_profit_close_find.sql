-- one row: the last month whose profit and loss is closed
with account_months as (select * from {{ ref('rpt_account_profitability') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- before the whole ledger of a month has landed, most accounts wait for the cost of their work
known_months as (
    select account_months.month
    from account_months
    cross join as_of
    where {{ month_is_over('account_months.month', 'as_of.known_until_at') }}
    group by account_months.month
    having 2 * count(account_months.cost_to_serve_amount) > count(*)
)

select max(month) as closed_month
from known_months
