with known as (
    {{ latest_known('operations', 'function_capacity') }}
)

select
    function_code,
    month,
    headcount,
    paid_minutes,
    practical_minutes
from known
