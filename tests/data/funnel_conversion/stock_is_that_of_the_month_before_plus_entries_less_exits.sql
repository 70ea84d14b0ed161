-- What: at every account and stage, the stock of a month is that of the month before plus entries
--   less exits, and an exit is an advance or a leaving.
-- When it matters: somebody who comes or goes unseen, or a month that is missing, makes every later
--   stock wrong.
-- How to resolve: look at int_stage_stand_resolve for a stand that ends before it begins, and at
--   the months of rpt_funnel_periods.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_funnel_periods'}}}) }}
with periods as (select * from {{ ref('rpt_funnel_periods') }}),

beginnings as (
    select
        account_id,
        stage_code,
        min(month) as first_month
    from periods
    group by account_id, stage_code
)

select
    periods.account_id,
    periods.stage_code,
    periods.month
from periods
inner join beginnings
    on periods.account_id = beginnings.account_id and periods.stage_code = beginnings.stage_code
left join periods as earlier
    on
        periods.account_id = earlier.account_id
        and periods.stage_code = earlier.stage_code
        and {{ month_start(add_days('periods.month', -1)) }} = earlier.month
where
    (earlier.month is null and periods.month <> beginnings.first_month)
    or periods.stock_count
    <> coalesce(earlier.stock_count, 0) + periods.entries_count - periods.exits_count
    or periods.exits_count <> periods.advanced_count + periods.left_count
