-- one row per spell in which an enrollment was on a break or deferred: from that status to the next
with statuses as (select * from {{ ref('stg_enrollment_status') }}),

spells as (
    select
        enrollment_id,
        status,
        cast(effective_at as date) as break_from_date,
        cast(lead(effective_at) over (
            partition by enrollment_id
            order by effective_at, entered_at nulls first, status_event_id
        ) as date) as break_to_date
    from statuses
)

select
    enrollment_id,
    break_from_date,
    coalesce(break_to_date, cast('2200-01-01' as date)) as break_to_date
from spells
where status in ('on_break', 'deferred')
