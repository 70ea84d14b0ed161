with known as (
    {{ latest_known('stakeholder', 'objective') }}
)

select
    objective_id,
    parent_objective_id,
    account_id,
    function_code,
    title,
    owner_role,
    period_start,
    period_end
from known
