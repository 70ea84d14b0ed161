-- one row per enrollment, local day with activity and local day on which it was known: first login
-- and learning, and how much
with events as (select * from {{ ref('stg_learning_event') }}),
verbs as (select * from {{ ref('verbs') }}),
enrollments as (select * from {{ ref('stg_enrollment') }}),
participants as (select * from {{ ref('dim_participants') }}),
time_zone_days as (select * from {{ ref('int_time_zone_day_expand') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

dated as (
    select
        events.participant_id,
        events.enrollment_id,
        events.verb,
        events.occurred_at,
        coalesce(events.quantity, 1) as quantity,
        case
            when time_zone_days.offset_minutes is not null
                then
                    cast(
                        {{ add_minutes('events.occurred_at', 'time_zone_days.offset_minutes') }}
                        as date
                    )
            else {{ local_date('events.occurred_at', 'participants.timezone') }}
        end as activity_date,
        -- known at once unless the row says otherwise
        case
            when events.stored_at is null then cast('1900-01-01' as date)
            when
                time_zone_days.offset_minutes is not null
                and cast(events.stored_at as date) = cast(events.occurred_at as date)
                then
                    cast(
                        {{ add_minutes('events.stored_at', 'time_zone_days.offset_minutes') }}
                        as date
                    )
            else {{ local_date('events.stored_at', 'participants.timezone') }}
        end as stored_date
    from events
    left join participants on events.participant_id = participants.participant_id
    left join time_zone_days
        on
            participants.timezone = time_zone_days.timezone
            and cast(events.occurred_at as date) = time_zone_days.date_utc
    cross join as_of
    where events.occurred_at < as_of.known_before_at and coalesce(events.quantity, 1) > 0
),

by_person_day as (
    select
        events.participant_id,
        events.enrollment_id,
        events.activity_date,
        greatest(events.activity_date, events.stored_date) as known_date,
        min(events.occurred_at) filter (
            where verbs.is_login or verbs.is_meaningful
        ) as first_login_at,
        min(events.occurred_at) filter (where verbs.is_meaningful) as first_meaningful_at,
        sum(events.quantity) filter (where verbs.is_meaningful) as meaningful_count,
        sum(events.quantity) filter (where verbs.is_friction) as friction_count
    from dated as events
    left join verbs on events.verb = verbs.verb
    group by
        events.participant_id,
        events.enrollment_id,
        events.activity_date,
        greatest(events.activity_date, events.stored_date)
),

-- an event that names no enrollment counts for the participant's enrollment that started last by
-- that day, or, before any start, for the first one
enrollment_spells as (
    select
        enrollment_id,
        participant_id,
        case
            when
                lag(start_date) over (
                    partition by participant_id order by start_date, enrollment_id
                ) is null
                then cast('1900-01-01' as date)
            else start_date
        end as counts_from_date,
        coalesce(
            lead(start_date) over (partition by participant_id order by start_date, enrollment_id),
            cast('2200-01-01' as date)
        ) as counts_before_date
    from enrollments
),

attributed as (
    select
        enrollment_id,
        activity_date,
        known_date,
        first_login_at,
        first_meaningful_at,
        meaningful_count,
        friction_count
    from by_person_day
    where enrollment_id is not null
    union all
    select
        enrollment_spells.enrollment_id,
        by_person_day.activity_date,
        by_person_day.known_date,
        by_person_day.first_login_at,
        by_person_day.first_meaningful_at,
        by_person_day.meaningful_count,
        by_person_day.friction_count
    from by_person_day
    inner join enrollment_spells
        on
            by_person_day.participant_id = enrollment_spells.participant_id
            and by_person_day.activity_date >= enrollment_spells.counts_from_date
            and by_person_day.activity_date < enrollment_spells.counts_before_date
    where by_person_day.enrollment_id is null
),

final as (
    select
        enrollment_id,
        activity_date,
        known_date,
        min(first_login_at) as first_login_at,
        min(first_meaningful_at) as first_meaningful_at,
        cast(coalesce(sum(meaningful_count), 0) as bigint) as meaningful_count,
        cast(coalesce(sum(friction_count), 0) as bigint) as friction_count
    from attributed
    group by enrollment_id, activity_date, known_date
)

select * from final
