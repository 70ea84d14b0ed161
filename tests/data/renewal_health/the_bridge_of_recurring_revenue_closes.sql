-- What: opening + movements = closing, to the cent, for every window and segment.
-- When it matters: a bridge that does not close tells of revenue that nobody can explain.
-- How to resolve: compare the accounts of the window in int_arr_window_compare.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_revenue_retention'}}}) }}
with retention as (select * from {{ ref('rpt_revenue_retention') }})

select
    window_start,
    window_end,
    segment,
    opening_arr_amount,
    closing_arr_amount
from retention
where
    opening_arr_amount + new_amount + reactivation_amount + expansion_amount
    - contraction_amount - churn_amount + fx_amount <> closing_arr_amount
    or grr > 1
