-- a table, not a view: it is the large one, and three models read it
{{ config(materialized='table') }}

with known as (
    {{ latest_known('participant', 'learning_event') }}
),

voided as (
    select voids_event_id
    from known
    where voids_event_id is not null
)

select
    event_id,
    participant_id,
    enrollment_id,
    verb,
    object_id,
    object_type,
    quantity,
    success,
    score_scaled,
    duration_seconds,
    occurred_at,
    stored_at
from known
where
    voids_event_id is null
    and not exists (
        select 1 from voided
        where voided.voids_event_id = known.event_id
    )
