with known as (
    {{ latest_known('stakeholder', 'key_result_checkin') }}
)

select
    key_result_id,
    checked_in_at,
    value,
    confidence
from known
