with versions as (
    {{ known_versions('participant', 'participant') }}
)

select
    participant_id,
    account_id,
    timezone,
    registered_at,
    updated_at,
    known_from,
    known_to
from versions
