-- What: each row of identity_override names a known participant with the participant's own account,
--   and a link names a worker.
-- When it matters: a decision that cannot be followed is not, and the rules go on deciding.
-- How to resolve: land the decision again with the participant's account and the worker meant.
--   A warning: the others are followed.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_identity_override'}}}) }}
select
    overrides.participant_id,
    overrides.account_id,
    overrides.action,
    overrides.decided_at
from {{ ref('stg_identity_override') }} as overrides
left join {{ ref('stg_participant') }} as participants
    on
        overrides.participant_id = participants.participant_id
        and overrides.account_id = participants.account_id
where
    participants.participant_id is null
    or (overrides.action = 'link' and overrides.worker_id is null)
