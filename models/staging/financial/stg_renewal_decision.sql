with known as (
    {{ latest_known('financial', 'renewal_decision') }}
)

select
    contract_id,
    decision,
    decided_on,
    new_annual_value,
    reason_code
from known
