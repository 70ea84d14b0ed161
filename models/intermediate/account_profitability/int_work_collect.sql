-- one row per piece of work that is done: for whom, which activity, on which day
with work_items as (select * from {{ ref('stg_work_item') }}),
sessions as (select * from {{ ref('stg_coaching_session') }}),
tickets as (select * from {{ ref('stg_support_ticket') }}),
applications as (select * from {{ ref('stg_application') }}),
enrollments as (select * from {{ ref('stg_enrollment') }}),
participants as (select * from {{ ref('dim_participants') }}),
sources as (select * from {{ ref('activity_sources') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

pieces as (
    select
        'work_item' as source,
        work_items.work_item_id as work_id,
        coalesce(work_items.account_id, 'internal') as account_id,
        work_items.activity_code,
        sources.activity_code is not null as is_counted_elsewhere,
        coalesce(work_items.quantity, cast(1 as decimal(18, 4))) as quantity,
        cast(null as decimal(18, 4)) as known_minutes,
        work_items.closed_at as done_at
    from work_items
    left join sources on work_items.activity_code = sources.activity_code
    union all
    select
        'coaching_session' as source,
        sessions.session_id as work_id,
        coalesce(participants.account_id, 'unknown') as account_id,
        sources.activity_code,
        false as is_counted_elsewhere,
        cast(1 as decimal(18, 4)) as quantity,
        case sources.minutes_basis
            when 'actual' then cast(sessions.actual_minutes as decimal(18, 4))
        end as known_minutes,
        sessions.scheduled_at as done_at
    from sessions
    inner join sources on sources.source = 'coaching_session'
    left join enrollments on sessions.enrollment_id = enrollments.enrollment_id
    left join participants on enrollments.participant_id = participants.participant_id
    where sessions.status = 'completed'
    union all
    select
        'support_ticket' as source,
        tickets.ticket_id as work_id,
        coalesce(tickets.account_id, participants.account_id, 'internal') as account_id,
        coalesce(sources.activity_code, other_sources.activity_code) as activity_code,
        false as is_counted_elsewhere,
        cast(1 as decimal(18, 4)) as quantity,
        cast(null as decimal(18, 4)) as known_minutes,
        tickets.resolved_at as done_at
    from tickets
    left join sources
        on sources.source = 'support_ticket' and tickets.category = sources.category
    left join sources as other_sources
        on other_sources.source = 'support_ticket' and other_sources.category = 'other'
    left join participants on tickets.participant_id = participants.participant_id
    union all
    select
        'application' as source,
        applications.application_id as work_id,
        coalesce(participants.account_id, 'unknown') as account_id,
        sources.activity_code,
        false as is_counted_elsewhere,
        cast(1 as decimal(18, 4)) as quantity,
        cast(null as decimal(18, 4)) as known_minutes,
        applications.decided_at as done_at
    from applications
    inner join sources on sources.source = 'application'
    left join participants on applications.participant_id = participants.participant_id
)

select
    pieces.source,
    pieces.work_id,
    pieces.account_id,
    pieces.activity_code,
    pieces.is_counted_elsewhere,
    pieces.quantity,
    pieces.known_minutes,
    cast(pieces.done_at as date) as worked_on,
    {{ month_start('pieces.done_at') }} as month
from pieces
inner join as_of on pieces.done_at < as_of.known_before_at
