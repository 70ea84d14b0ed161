-- The numbers of the README's findings, one each, computed from the original file.
-- The view incident_event_log is the file; numbers and times as in Parquet.

-- name: rows
select count(*) from incident_event_log

-- name: incidents
select count(distinct number) from incident_event_log

-- name: modifications_left_out
select sum(last_count + 1 - rows_count)
from (
    select max(sys_mod_count) as last_count, count(*) as rows_count
    from incident_event_log group by number
)

-- name: rows_of_the_same_minute
select sum(rows_count)
from (
    select count(*) as rows_count
    from incident_event_log group by number, sys_updated_at having count(*) > 1
)

-- name: equal_modification_numbers
select count(*)
from (select 1 from incident_event_log group by number, sys_mod_count having count(*) > 1)

-- name: rows_before_opening
select count(*) from incident_event_log where sys_updated_at < opened_at

-- name: opened_by_may
select count(distinct number) from incident_event_log where opened_at < '2016-06-01'

-- name: opened_from_june
select count(distinct number) from incident_event_log where opened_at >= '2016-06-01'

-- name: not_closed_at_the_end
select count(*)
from (
    select last(incident_state order by sys_mod_count, sys_updated_at) as last_state
    from incident_event_log group by number
)
where last_state <> 'Closed'

-- name: first_row_not_new
select count(*)
from (
    select first(incident_state order by sys_updated_at, sys_mod_count) as first_state
    from incident_event_log group by number
)
where first_state <> 'New'

-- name: first_row_resolved
select count(*)
from (
    select first(incident_state order by sys_updated_at, sys_mod_count) as first_state
    from incident_event_log group by number
)
where first_state = 'Resolved'

-- name: rows_that_know_their_future
select count(*) from incident_event_log where resolved_at > sys_updated_at

-- name: resolved_at_published
select count(distinct number) from incident_event_log where resolved_at is not null

-- name: resolved_at_not_of_the_last_resolved_row
select count(*)
from (
    select 1 from incident_event_log group by number
    having max(resolved_at) <> max(sys_updated_at) filter (where incident_state = 'Resolved')
)

-- name: resolved_at_missing
select count(distinct number) from incident_event_log where resolved_at is null

-- name: resolved_at_missing_with_resolved_row
select count(distinct number) from incident_event_log
where resolved_at is null and incident_state = 'Resolved'

-- name: resolved_at_missing_without_resolved_row
select count(*)
from (
    select 1 from incident_event_log group by number
    having max(resolved_at) is null and not bool_or(incident_state = 'Resolved')
)

-- name: resolved_at_missing_resolved_within_10_minutes
select count(*)
from (
    select 1 from incident_event_log where resolved_at is null group by number
    having
        max(sys_updated_at) filter (where incident_state = 'Resolved')
        <= min(opened_at) + interval 10 minute
)

-- name: kept
select count(*)
from (
    select last(made_sla order by sys_mod_count, sys_updated_at) as is_kept
    from incident_event_log group by number
)
where is_kept

-- name: missed
select count(*)
from (
    select last(made_sla order by sys_mod_count, sys_updated_at) as is_kept
    from incident_event_log group by number
)
where not is_kept

-- name: missed_but_kept_until_closing
select count(*)
from (
    select 1 from incident_event_log group by number
    having
        not last(made_sla order by sys_mod_count, sys_updated_at)
        and bool_and(made_sla) filter (where incident_state <> 'Closed')
)

-- name: missed_though_resolved_within_10_minutes
select count(*)
from (
    select 1 from incident_event_log group by number
    having
        not last(made_sla order by sys_mod_count, sys_updated_at)
        and max(sys_updated_at) filter (where incident_state = 'Resolved')
        <= min(opened_at) + interval 10 minute
)

-- name: kept_share_percent
select 100 * avg(is_kept::int)
from (
    select last(made_sla order by sys_mod_count, sys_updated_at) as is_kept
    from incident_event_log group by number
)

-- name: kept_share_percent_where_resolved_at_is_published
select 100 * avg(is_kept::int)
from (
    select last(made_sla order by sys_mod_count, sys_updated_at) as is_kept
    from incident_event_log where resolved_at is not null group by number
)

-- name: resolve_median_hours
select median(epoch(resolved_at - opened_at) / 3600)
from (
    select
        min(opened_at) as opened_at,
        coalesce(
            max(sys_updated_at) filter (where incident_state = 'Resolved'), max(closed_at)
        ) as resolved_at
    from incident_event_log group by number
)

-- name: resolve_median_hours_where_resolved_at_is_published
select median(epoch(resolved_at - opened_at) / 3600)
from (
    select min(opened_at) as opened_at, max(resolved_at) as resolved_at
    from incident_event_log where resolved_at is not null group by number
)

-- name: reopened
select count(distinct number) from incident_event_log where reopen_count > 0

-- name: most_often_reopened
select max(reopen_count) from incident_event_log

-- name: reopened_after_closing
select count(distinct number)
from (
    select
        number,
        incident_state,
        lag(incident_state) over (
            partition by number order by sys_updated_at, sys_mod_count
        ) as state_before
    from incident_event_log
)
where state_before = 'Closed' and incident_state <> 'Closed'

-- name: category_changed
select count(*)
from (
    select 1 from incident_event_log group by number
    having count(distinct coalesce(category, '')) > 1
)

-- name: category_missing_at_the_end
select count(*)
from (
    select last(category order by sys_mod_count, sys_updated_at) as category
    from incident_event_log group by number
)
where category is null

-- name: priority_changed
select count(*)
from (select 1 from incident_event_log group by number having count(distinct priority) > 1)

-- name: priority_moderate_percent
select 100 * avg((priority[1] = '3')::int)
from (
    select last(priority order by sys_mod_count, sys_updated_at) as priority
    from incident_event_log group by number
)

-- name: april_resolved
select count(*)
from (
    select
        last(made_sla order by sys_mod_count, sys_updated_at) as is_kept,
        coalesce(
            max(sys_updated_at) filter (where incident_state = 'Resolved'), max(closed_at)
        ) as resolved_at
    from incident_event_log group by number
)
where resolved_at >= '2016-04-01' and resolved_at < '2016-05-01'

-- name: april_resolved_as_of_april_30
select count(*)
from (
    select
        last(incident_state order by sys_updated_at, sys_mod_count) as state,
        last(made_sla order by sys_updated_at, sys_mod_count) as is_kept,
        max(sys_updated_at) filter (where incident_state = 'Resolved') as resolved_at
    from incident_event_log where sys_updated_at < '2016-05-01' group by number
)
where state in ('Resolved', 'Closed') and resolved_at >= '2016-04-01'

-- name: april_resolved_as_of_april_30_not_closed
select count(*)
from (
    select
        last(incident_state order by sys_updated_at, sys_mod_count) as state,
        last(made_sla order by sys_updated_at, sys_mod_count) as is_kept,
        max(sys_updated_at) filter (where incident_state = 'Resolved') as resolved_at
    from incident_event_log where sys_updated_at < '2016-05-01' group by number
)
where state = 'Resolved' and resolved_at >= '2016-04-01'

-- name: april_kept_percent
select 100 * avg(is_kept::int)
from (
    select
        last(made_sla order by sys_mod_count, sys_updated_at) as is_kept,
        coalesce(
            max(sys_updated_at) filter (where incident_state = 'Resolved'), max(closed_at)
        ) as resolved_at
    from incident_event_log group by number
)
where resolved_at >= '2016-04-01' and resolved_at < '2016-05-01'

-- name: april_kept_percent_as_of_april_30
select 100 * avg(is_kept::int)
from (
    select
        last(incident_state order by sys_updated_at, sys_mod_count) as state,
        last(made_sla order by sys_updated_at, sys_mod_count) as is_kept,
        max(sys_updated_at) filter (where incident_state = 'Resolved') as resolved_at
    from incident_event_log where sys_updated_at < '2016-05-01' group by number
)
where state = 'Closed' and resolved_at >= '2016-04-01'

-- name: april_kept_percent_as_of_april_30_with_those_not_closed
select 100 * avg(is_kept::int)
from (
    select
        last(incident_state order by sys_updated_at, sys_mod_count) as state,
        last(made_sla order by sys_updated_at, sys_mod_count) as is_kept,
        max(sys_updated_at) filter (where incident_state = 'Resolved') as resolved_at
    from incident_event_log where sys_updated_at < '2016-05-01' group by number
)
where state in ('Resolved', 'Closed') and resolved_at >= '2016-04-01'
