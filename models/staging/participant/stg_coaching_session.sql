with known as (
    {{ latest_known('participant', 'coaching_session') }}
)

select
    session_id,
    enrollment_id,
    coach_id,
    booked_at,
    scheduled_at,
    scheduled_minutes,
    actual_minutes,
    status,
    updated_at
from known
