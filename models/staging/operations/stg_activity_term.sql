with known as (
    {{ latest_known('operations', 'activity_term') }}
)

select
    activity_code,
    attribute,
    minutes_per_unit,
    valid_from
from known
