-- one row per spell in which an enrollment was on a break or deferred: from that status to the next
with statuses as (select * from {{ ref('stg_enrollment_status') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

spells as (
    select
        statuses.enrollment_id,
        statuses.status,
        cast(statuses.effective_at as date) as break_from_date,
        cast(lead(statuses.effective_at) over (
            partition by statuses.enrollment_id
            order by
                statuses.effective_at, statuses.entered_at nulls first, statuses.status_event_id
        ) as date) as break_to_date
    from statuses
    cross join as_of
    where statuses.effective_at < as_of.known_before_at
)

select
    enrollment_id,
    break_from_date,
    coalesce(break_to_date, cast('2200-01-01' as date)) as break_to_date
from spells
where status in ('on_break', 'deferred')
