-- What: a learning event that names no enrollment is by a participant who has one.
-- When it matters: such an event belongs to no journey. It stays in staging and counts nowhere.
-- How to resolve: land the enrollment, or name it in the event. A warning: the journeys are right.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_learning_event'}}}) }}
with events as (select * from {{ ref('stg_learning_event') }}),
enrollments as (select * from {{ ref('stg_enrollment') }})

select
    events.participant_id,
    count(*) as events_count
from events
left join enrollments on events.participant_id = enrollments.participant_id
where events.enrollment_id is null and enrollments.enrollment_id is null
group by events.participant_id
