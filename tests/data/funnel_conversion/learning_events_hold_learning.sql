-- What: where learning events have landed, at least one of them is meaningful.
-- When it matters: if no verb is classified as meaningful, every learner looks silent.
-- How to resolve: list the provider's verbs in seeds/verbs.csv, and say which are meaningful.
{{ config(meta={'dagster': {'ref': {'name': 'int_learning_event_aggregate'}}}) }}
with events as (
    select count(*) as events_count
    from {{ ref('stg_learning_event') }}
),

activity as (
    select count(*) as meaningful_days_count
    from {{ ref('int_learning_event_aggregate') }}
    where meaningful_count > 0
)

select events.events_count
from events
cross join activity
where events.events_count > 0 and activity.meaningful_days_count = 0
