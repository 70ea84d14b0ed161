with known as (
    {{ latest_known('operations', 'support_ticket') }}
)

select
    ticket_id,
    account_id,
    participant_id,
    category,
    severity,
    opened_at,
    first_response_at,
    due_at,
    resolved_at,
    reopened_count,
    csat_score,
    updated_at
from known
