-- one row: the first and the latest day with activity; before and after them nobody is known to be
-- active or not
with events as (select * from {{ ref('stg_learning_event') }})

select
    cast(min(occurred_at) as date) as activity_from_date,
    cast(max(coalesce(stored_at, occurred_at)) as date) as activity_until_date
from events
