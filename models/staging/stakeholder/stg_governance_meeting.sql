with known as (
    {{ latest_known('stakeholder', 'governance_meeting') }}
)

select
    meeting_id,
    account_id,
    body,
    due_on,
    held_on,
    decisions_opened,
    decisions_closed
from known
