with known as (
    {{ latest_known('financial', 'fx_rate') }}
)

select
    rate_month,
    from_currency,
    to_currency,
    rate
from known
