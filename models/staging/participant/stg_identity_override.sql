with known as (
    {{ latest_known('participant', 'identity_override') }}
)

select
    participant_id,
    account_id,
    worker_id,
    action,
    decided_by,
    decided_at
from known
