with known as (
    {{ latest_known('operations', 'goal') }}
)

select
    goal_id,
    account_id,
    title,
    goal_type,
    kpi,
    baseline,
    target,
    due_date,
    owner_role
from known
