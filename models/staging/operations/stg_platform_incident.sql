with known as (
    {{ latest_known('operations', 'platform_incident') }}
)

select
    incident_id,
    kind,
    severity,
    started_at,
    restored_at,
    affected_learners
from known
