with known as (
    {{ latest_known('stakeholder', 'account') }}
)

select
    account_id,
    parent_account_id,
    name,
    industry,
    segment,
    region,
    timezone,
    fiscal_year_start_month,
    reporting_currency,
    customer_since,
    effective_from
from known
