-- The numbers that the mart must show, computed from the original file.
-- The view incident_event_log holds its rows known by an as-of date; the variable known_before is the
-- end of that day. Each query has its namesake in marts.sql.

-- name: incident
-- A view for the queries below: the last state of each incident, by its highest modification number.
with last_states as (
    select
        *,
        coalesce('Category ' || replace(category, 'Category ', ''), 'none given') as category_name
    from incident_event_log
    qualify row_number() over (
        partition by number order by sys_mod_count desc, sys_updated_at desc
    ) = 1
),

resolutions as (
    select number, max(sys_updated_at) as at
    from incident_event_log where incident_state = 'Resolved' group by number
),

responses as (
    select number, min(sys_updated_at) as at
    from incident_event_log where incident_state <> 'New' group by number
)

select
    category_name as category,
    opened_at,
    case
        when incident_state not in ('Resolved', 'Closed') then null
        when last_states.resolved_at < getvariable('known_before') then last_states.resolved_at
        else coalesce(resolutions.at, sys_updated_at)
    end as done_at,
    responses.at as response_at,
    case when incident_state = 'Closed' then made_sla end as is_kept,
    reopen_count > 0 as is_reopened
from last_states
left join resolutions using (number)
left join responses using (number)

-- name: scoped
select * from incident
union all
select * replace ('all' as category) from incident

-- name: opened
select category, date_trunc('month', opened_at)::date as month, count(*)
from scoped group by all

-- name: resolved
select
    category,
    date_trunc('month', done_at)::date as month,
    count(*),
    count(is_kept),
    count(*) filter (where is_kept),
    count(*) filter (where is_reopened)
from scoped where done_at is not null group by all

-- name: rates
select
    category,
    date_trunc('month', done_at)::date as month,
    avg(is_kept::int),
    avg(is_reopened::int)
from scoped where done_at is not null group by all

-- name: hours
select
    category,
    date_trunc('month', done_at)::date as month,
    quantile_cont(epoch(done_at - opened_at) / 3600, 0.5),
    quantile_cont(epoch(done_at - opened_at) / 3600, 0.9),
    quantile_cont(epoch(response_at - opened_at) / 3600, 0.5)
        filter (where response_at >= opened_at)
from scoped where done_at is not null group by all

-- name: backlog
-- All that was opened less all that was resolved by the end of the month.
select
    months.category,
    months.month,
    count(*) filter (where opened_at < months.month + interval 1 month)
    - count(*) filter (where done_at < months.month + interval 1 month)
from (
    select
        category,
        unnest(generate_series(
            min(date_trunc('month', opened_at)),
            getvariable('known_before') - interval 1 day,
            interval 1 month
        ))::date as month
    from scoped group by category
) as months
inner join scoped on months.category = scoped.category
group by all

-- name: in_all
select
    count(*),
    count(done_at),
    count(*) filter (where is_kept),
    count(*) filter (where is_reopened and done_at is not null)
from incident
