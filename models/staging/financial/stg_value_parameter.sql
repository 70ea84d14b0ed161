with known as (
    {{ latest_known('financial', 'value_parameter') }}
)

select
    account_id,
    parameter,
    job_level,
    low,
    base,
    high,
    isolation,
    confidence,
    source,
    currency,
    valid_from
from known
