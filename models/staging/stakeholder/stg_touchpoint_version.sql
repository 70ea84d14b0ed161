with versions as (
    {{ known_versions('stakeholder', 'touchpoint') }}
)

select
    touchpoint_id,
    account_id,
    contact_id,
    kind,
    planned_at,
    held_at,
    two_way,
    sentiment,
    known_from,
    known_to
from versions
