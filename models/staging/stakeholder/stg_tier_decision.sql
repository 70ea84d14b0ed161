with known as (
    {{ latest_known('stakeholder', 'tier_decision') }}
)

select
    account_id,
    quarter_start,
    tier,
    reason,
    decided_by
from known
