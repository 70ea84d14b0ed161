with versions as (
    {{ known_versions('stakeholder', 'report_delivery') }}
)

select
    delivery_id,
    report_code,
    release_id,
    account_id,
    contact_id,
    chain_role,
    due_at,
    delivered_at,
    opened_at,
    acted_at,
    disputed,
    known_from,
    known_to
from versions
