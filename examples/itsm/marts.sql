-- What the mart shows, by the names and in the columns of expected.sql.

-- name: opened
select category, month, opened_count
from operations.rpt_ticket_performance where opened_count > 0

-- name: resolved
select category, month, resolved_count, due_count, on_time_count, reopened_count
from operations.rpt_ticket_performance where resolved_count > 0

-- name: rates
select category, month, on_time_rate, reopened_rate
from operations.rpt_ticket_performance where resolved_count > 0

-- name: hours
select category, month, resolve_p50_hours, resolve_p90_hours, response_p50_hours
from operations.rpt_ticket_performance where resolved_count > 0

-- name: backlog
select category, month, backlog_count
from operations.rpt_ticket_performance

-- name: in_all
select sum(opened_count), sum(resolved_count), sum(on_time_count), sum(reopened_count)
from operations.rpt_ticket_performance where category = 'all'
