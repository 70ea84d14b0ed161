-- What: the counts of the functions in a month add up to the 'all' row.
-- When it matters: a reader who adds up a table must come to its total.
-- How to resolve: a function is called 'all' in the landed activities, or has no row in a month;
--   look at int_function_month_expand.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_function_performance'}}}) }}
select
    month,
    sum(case when function_code = 'all' then closed_count else 0 end) as all_closed_count
from {{ ref('rpt_function_performance') }}
group by month
having
    sum(case when function_code = 'all' then opened_count else -opened_count end) <> 0
    or sum(case when function_code = 'all' then closed_count else -closed_count end) <> 0
    or sum(case when function_code = 'all' then backlog_count else -backlog_count end) <> 0
    or sum(case when function_code = 'all' then on_time_count else -on_time_count end) <> 0
    or sum(case when function_code = 'all' then rework_count else -rework_count end) <> 0
