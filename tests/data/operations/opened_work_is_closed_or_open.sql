-- What: for each function and month, all items opened so far are those closed so far and the
--   backlog.
-- When it matters: a backlog that drifts from its items hides work that nobody does.
-- How to resolve: look at items whose dates contradict each other, then at the months of
--   int_function_month_expand: the first must not lie after the first item.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_function_performance'}}}) }}
with running as (
    select
        function_code,
        month,
        backlog_count,
        sum(opened_count) over (
            partition by function_code
            order by month rows between unbounded preceding and current row
        ) as opened_so_far,
        sum(closed_count) over (
            partition by function_code
            order by month rows between unbounded preceding and current row
        ) as closed_so_far
    from {{ ref('rpt_function_performance') }}
    where is_supplied
)

select *
from running
where opened_so_far <> closed_so_far + backlog_count
