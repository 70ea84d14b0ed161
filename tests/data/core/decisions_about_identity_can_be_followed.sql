-- What: each row of identity_override names a known participant with the participant's own account,
--   and a known worker of it; only an unlink may name none.
-- When it matters: a decision for another account or without a worker is not followed; one for an
--   unknown worker is, and the participant is then missing in what the employer gained.
-- How to resolve: land the decision again with the participant's account and the worker meant.
--   A warning: the others are followed.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_identity_override'}}}) }}
with overrides as (select * from {{ ref('stg_identity_override') }}),
participants as (select * from {{ ref('stg_participant') }}),
workers as (select * from {{ ref('stg_worker') }})

select distinct
    overrides.participant_id,
    overrides.account_id,
    overrides.worker_id,
    overrides.action,
    overrides.decided_at
from overrides
left join participants
    on
        overrides.participant_id = participants.participant_id
        and overrides.account_id = participants.account_id
left join workers
    on overrides.account_id = workers.account_id and overrides.worker_id = workers.worker_id
where
    participants.participant_id is null
    or (overrides.action = 'link' and overrides.worker_id is null)
    or (overrides.worker_id is not null and workers.worker_id is null)
