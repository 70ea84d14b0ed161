with known as (
    {{ latest_known('financial', 'plan_value') }}
)

select
    metric_code,
    account_id,
    month,
    plan,
    forecast,
    made_on
from known
