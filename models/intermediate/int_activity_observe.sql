-- one row: until which day activity is known; after it nobody is known to be active or not
with events as (select * from {{ ref('stg_learning_event') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

latest as (
    select cast(max(coalesce(stored_at, occurred_at)) as date) as latest_date
    from events
)

select
    case
        when latest.latest_date is not null then least(as_of.last_full_date, latest.latest_date)
    end as activity_until_date
from latest
cross join as_of
