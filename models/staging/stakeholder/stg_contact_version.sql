with versions as (
    {{ known_versions('stakeholder', 'contact') }}
)

select
    contact_id,
    account_id,
    chain_role,
    title,
    valid_from,
    valid_to,
    known_from,
    known_to
from versions
