-- What: for each category and month, all tickets opened so far are those resolved so far and the
--   backlog.
-- When it matters: a backlog that drifts from its tickets hides people whom nobody helps.
-- How to resolve: look at tickets whose dates contradict each other.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_ticket_performance'}}}) }}
with running as (
    select
        category,
        month,
        backlog_count,
        sum(opened_count) over (
            partition by category
            order by month rows between unbounded preceding and current row
        ) as opened_so_far,
        sum(resolved_count) over (
            partition by category
            order by month rows between unbounded preceding and current row
        ) as resolved_so_far
    from {{ ref('rpt_ticket_performance') }}
    where is_supplied
)

select *
from running
where opened_so_far <> resolved_so_far + backlog_count
