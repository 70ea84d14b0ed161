with known as (
    {{ latest_known('participant', 'application') }}
)

select
    application_id,
    participant_id,
    program_id,
    started_at,
    submitted_at,
    decision,
    decided_at,
    reason_code,
    funding_type,
    updated_at
from known
