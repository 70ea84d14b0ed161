with known as (
    {{ latest_known('operations', 'program') }}
)

select
    program_id,
    title,
    field,
    credential_type,
    planned_weeks,
    modality,
    list_price,
    currency,
    partner_id,
    launched_on,
    retired_on
from known
