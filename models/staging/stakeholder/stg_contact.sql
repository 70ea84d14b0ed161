with known as (
    {{ latest_known('stakeholder', 'contact') }}
)

select
    contact_id,
    account_id,
    chain_role,
    full_name,
    email,
    title,
    valid_from,
    valid_to
from known
