with known as (
    {{ latest_known('operations', 'program_goal') }}
)

select
    program_id,
    goal_id
from known
