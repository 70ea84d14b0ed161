-- one row: the latest day with activity; after it nobody is known to be active or not
with events as (select * from {{ ref('stg_learning_event') }})

select cast(max(coalesce(stored_at, occurred_at)) as date) as activity_until_date
from events
