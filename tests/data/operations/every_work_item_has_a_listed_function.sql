-- What: every work item has an activity of the catalogue, and that a function of the seed.
-- When it matters: work of an activity that never landed stands under 'unknown'; a function that is
--   not listed has a row of its own, with its code as title.
-- How to resolve: land the activity, or add the function to seeds/functions.csv. A warning: nothing
--   is lost.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'fct_work_items'}}}) }}
select
    work_items.function_code,
    work_items.activity_code,
    count(*) as work_items_count
from {{ ref('fct_work_items') }} as work_items
left join {{ ref('functions') }} as listed on work_items.function_code = listed.function_code
where listed.function_code is null
group by work_items.function_code, work_items.activity_code
