with known as (
    {{ latest_known('stakeholder', 'verified_outcome') }}
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
    verified_by_role
from known
