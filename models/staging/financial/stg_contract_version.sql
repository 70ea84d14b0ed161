with versions as (
    {{ known_versions('financial', 'contract') }}
)

select
    contract_id,
    account_id,
    starts_on,
    ends_on,
    annual_value,
    currency,
    pricing_model,
    auto_renew,
    notice_days,
    previous_contract_id,
    signed_on,
    known_from,
    known_to
from versions
