with known as (
    {{ latest_known('stakeholder', 'touchpoint') }}
)

select
    touchpoint_id,
    account_id,
    contact_id,
    kind,
    planned_at,
    held_at,
    two_way,
    sentiment
from known
