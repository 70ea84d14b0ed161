with known as (
    {{ latest_known('operations', 'work_item') }}
)

select
    work_item_id,
    activity_code,
    account_id,
    program_id,
    enrollment_id,
    staff_id,
    goal_id,
    origin,
    scope_decision,
    priority,
    opened_at,
    first_response_at,
    started_at,
    due_at,
    closed_at,
    quantity,
    actual_minutes,
    rework_of,
    reopened_count,
    updated_at
from known
