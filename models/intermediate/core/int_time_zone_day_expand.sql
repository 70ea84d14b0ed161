-- one row per time zone of a participant and UTC day of the events: by how much the clocks differ
with participants as (select * from {{ ref('dim_participants') }}),
events as (select * from {{ ref('stg_learning_event') }}),

time_zones as (
    select distinct timezone
    from participants
),

event_days as (
    select
        cast(min(occurred_at) as date) as first_date,
        {{ add_days('cast(max(occurred_at) as date)', 1) }} as last_date
    from events
),

days as (
    select {{ date_series('first_date', 'last_date', 1) }} as date_utc
    from event_days
),

clocks as (
    select
        time_zones.timezone,
        days.date_utc,
        cast(round(60 * {{ hours_between(
            'cast(days.date_utc as timestamp)',
            local_time('cast(days.date_utc as timestamp)', 'time_zones.timezone')
        ) }}) as int) as minutes_at_midnight
    from time_zones
    cross join days
),

next_clocks as (
    select
        *,
        lead(minutes_at_midnight) over (partition by timezone order by date_utc)
            as minutes_at_next_midnight
    from clocks
)

select
    timezone,
    date_utc,
    -- null on a day on which the clocks change
    case when minutes_at_midnight = minutes_at_next_midnight then minutes_at_midnight end
        as offset_minutes
from next_clocks
