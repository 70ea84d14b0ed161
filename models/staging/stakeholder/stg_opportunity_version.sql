with versions as (
    {{ known_versions('stakeholder', 'opportunity') }}
)

select
    opportunity_id,
    account_id,
    opportunity_type,
    amount,
    currency,
    stage,
    owner,
    opened_on,
    expected_close_on,
    closed_on,
    outcome,
    known_from,
    known_to
from versions
