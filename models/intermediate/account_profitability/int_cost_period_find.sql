-- one row per month of the ledger that is over: which twelve months it belongs to, the last being 0
with reconciliation as (select * from {{ ref('rpt_cost_reconciliation') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

numbered as (
    select
        reconciliation.month,
        cast(extract(year from reconciliation.month) as int) * 12
        + cast(extract(month from reconciliation.month) as int) as month_no
    from reconciliation
    cross join as_of
    where {{ month_is_over('reconciliation.month', 'as_of.known_until_at') }}
),

latest as (
    select max(month_no) as last_month_no
    from numbered
),

periods as (
    select
        numbered.month,
        cast(
            floor(cast(latest.last_month_no - numbered.month_no as double) / 12) as int
        ) as period_no
    from numbered
    cross join latest
)

select
    month,
    period_no,
    min(month) over (partition by period_no) as first_month,
    max(month) over (partition by period_no) as last_month,
    cast(count(*) over (partition by period_no) as bigint) as months_count
from periods
