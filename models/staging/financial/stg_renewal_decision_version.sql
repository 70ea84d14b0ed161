with versions as (
    {{ known_versions('financial', 'renewal_decision') }}
)

select
    contract_id,
    decision,
    decided_on,
    new_annual_value,
    reason_code,
    known_from,
    known_to
from versions
