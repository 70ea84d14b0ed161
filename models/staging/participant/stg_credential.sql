with known as (
    {{ latest_known('participant', 'credential') }}
)

select
    credential_id,
    issuer_id,
    participant_id,
    enrollment_id,
    credential_type,
    title,
    awarded_at,
    valid_until,
    revoked_at
from known
