-- one row per spell of days of an enrollment on a break or deferred: from that status to the next
with statuses as (select * from {{ ref('stg_enrollment_status') }}),
enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

spells as (
    select
        statuses.enrollment_id,
        statuses.status,
        enrollments.timezone,
        statuses.effective_at as break_from_at,
        lead(statuses.effective_at) over (
            partition by statuses.enrollment_id
            order by
                statuses.effective_at, statuses.entered_at nulls first, statuses.status_event_id
        ) as break_to_at
    from statuses
    inner join enrollments on statuses.enrollment_id = enrollments.enrollment_id
    cross join as_of
    where statuses.effective_at < as_of.known_before_at
)

select
    enrollment_id,
    {{ local_date('break_from_at', 'timezone') }} as break_from_date,
    coalesce({{ local_date('break_to_at', 'timezone') }}, cast('2200-01-01' as date))
        as break_to_date
from spells
where status in ('on_break', 'deferred')
