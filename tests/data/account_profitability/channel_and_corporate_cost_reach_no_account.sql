-- What: accounts bear of the ledger its sustaining level and costed work, and nothing else.
-- When it matters: a cost that no account causes, spread over all, makes good accounts look bad.
-- How to resolve: an expense of another level became an account's line: int_money_line_convert.
{{ config(meta={'dagster': {'ref': {'name': 'fct_profit_lines'}}}) }}
with lines as (select * from {{ ref('fct_profit_lines') }}),
reconciliation as (select * from {{ ref('rpt_cost_reconciliation') }}),

borne as (
    select
        month,
        sum(amount) as borne_amount
    from lines
    where line_group in ('sustaining_cost', 'cost_to_serve')
    group by month
)

select
    reconciliation.month,
    borne.borne_amount
from reconciliation
left join borne on reconciliation.month = borne.month
where
    reconciliation.is_supplied
    and coalesce(borne.borne_amount, 0) <> reconciliation.assigned_amount
    - reconciliation.internal_amount + reconciliation.sustaining_amount
