-- What: the counts of the categories of tickets in a month add up to the 'all' row.
-- When it matters: a reader who adds up a table must come to its total.
-- How to resolve: a category is called 'all' in the landed tickets.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_ticket_performance'}}}) }}
select
    month,
    sum(case when category = 'all' then resolved_count else 0 end) as all_resolved_count
from {{ ref('rpt_ticket_performance') }}
group by month
having
    sum(case when category = 'all' then opened_count else -opened_count end) <> 0
    or sum(case when category = 'all' then resolved_count else -resolved_count end) <> 0
    or sum(case when category = 'all' then backlog_count else -backlog_count end) <> 0
    or sum(case when category = 'all' then reopened_count else -reopened_count end) <> 0
