with known as (
    {{ latest_known('participant', 'enrollment_status') }}
)

select
    status_event_id,
    enrollment_id,
    status,
    effective_at,
    reason_code,
    entered_at
from known
