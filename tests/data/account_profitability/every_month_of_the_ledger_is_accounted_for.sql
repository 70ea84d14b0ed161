-- What: ledger = assigned + unused + sustaining + unallocated, in every month that has its rates.
-- When it matters: a cent that is in no part was lost, or stands in two.
-- How to resolve: compare the month's parts with rpt_capacity and fct_activity_costs; a join there
--   dropped or doubled rows.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_cost_reconciliation'}}}) }}
select
    month,
    ledger_amount,
    difference_amount
from {{ ref('rpt_cost_reconciliation') }}
where is_supplied and not is_closed
