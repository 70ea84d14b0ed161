with known as (
    {{ latest_known('participant', 'participant') }}
)

select
    participant_id,
    account_id,
    employee_number,
    email,
    full_name,
    timezone,
    registered_at,
    updated_at
from known
