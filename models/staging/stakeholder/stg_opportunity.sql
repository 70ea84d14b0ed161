with known as (
    {{ latest_known('stakeholder', 'opportunity') }}
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
    outcome
from known
