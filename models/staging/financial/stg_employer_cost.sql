with known as (
    {{ latest_known('financial', 'employer_cost') }}
)

select
    employer_cost_id,
    account_id,
    month,
    cost_type,
    minutes,
    hourly_rate,
    amount,
    currency
from known
