with versions as (
    {{ known_versions('participant', 'enrollment_status') }}
)

select
    status_event_id,
    enrollment_id,
    status,
    effective_at,
    reason_code,
    entered_at,
    known_from,
    known_to
from versions
