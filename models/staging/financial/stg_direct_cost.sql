with known as (
    {{ latest_known('financial', 'direct_cost') }}
)

select
    cost_id,
    account_id,
    program_id,
    enrollment_id,
    cost_type,
    incurred_on,
    amount,
    currency
from known
