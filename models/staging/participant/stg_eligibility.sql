with known as (
    {{ latest_known('participant', 'eligibility') }}
)

select
    eligibility_id,
    account_id,
    worker_id,
    eligible_from,
    eligible_to,
    annual_cap,
    currency
from known
