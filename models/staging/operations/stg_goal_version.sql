with versions as (
    {{ known_versions('operations', 'goal') }}
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
    owner_role,
    known_from,
    known_to
from versions
