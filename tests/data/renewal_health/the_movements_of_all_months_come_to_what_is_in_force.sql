-- What: the movements of all months up to one add up to what was in force on its last day.
-- When it matters: a movement that is lost, or counted twice, is carried on for ever.
-- How to resolve: find the first month that differs, and its accounts in int_arr_window_compare.
{{ config(meta={'dagster': {'ref': {'name': 'fct_arr_movements'}}}) }}
with movements as (select * from {{ ref('fct_arr_movements') }}),
retention as (select * from {{ ref('rpt_revenue_retention') }}),

months as (
    select
        movement_month,
        bool_and(is_supplied) as is_supplied,
        sum(arr_delta_amount) as delta_amount
    from movements
    group by movement_month
),

running as (
    select
        retention.window_end,
        retention.closing_arr_amount,
        sum(months.delta_amount) over (order by retention.window_end) as added_amount,
        bool_and(coalesce(months.is_supplied, true)) over (order by retention.window_end)
            as is_known
    from retention
    left join months on retention.window_start = months.movement_month
    where retention.window_months = 1 and retention.segment = 'all'
)

select
    window_end,
    closing_arr_amount,
    added_amount
from running
where is_known and closing_arr_amount <> coalesce(added_amount, 0)
