with known as (
    {{ latest_known('stakeholder', 'priority_vote') }}
)

select
    account_id,
    contact_id,
    voted_on,
    priority_rank,
    goal_id
from known
