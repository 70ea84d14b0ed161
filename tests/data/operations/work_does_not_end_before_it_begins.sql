-- What: no work item or ticket is answered, started or ended before it was opened.
-- When it matters: such a time gives no hours, so its item is missing in medians.
-- How to resolve: mend the source's clock or time zone and land the row again. A warning: the item
--   itself is counted.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'fct_work_items'}}}) }}
select
    'work_item' as entity,
    work_item_id as entity_id
from {{ ref('fct_work_items') }}
where first_response_at < opened_at or started_at < opened_at or closed_at < opened_at
union all
select
    'support_ticket' as entity,
    ticket_id as entity_id
from {{ ref('int_support_ticket_resolve') }}
where first_response_at < opened_at or resolved_at < opened_at
