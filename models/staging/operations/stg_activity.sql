with known as (
    {{ latest_known('operations', 'activity') }}
)

select
    activity_code,
    function_code,
    title,
    driver,
    standard_minutes,
    valid_from
from known
