with versions as (
    {{ known_versions('stakeholder', 'verified_outcome') }}
)

select
    outcome_id,
    account_id,
    goal_id,
    actual,
    money_value,
    currency,
    method,
    verified_at,
    verified_by_role,
    known_from,
    known_to
from versions
