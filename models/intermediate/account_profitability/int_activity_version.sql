-- one row per version of an activity: its function and its constant minutes, from a day on
with activities as (select * from {{ ref('stg_activity') }})

select
    activity_code,
    function_code,
    title,
    driver,
    standard_minutes,
    valid_from,
    lead(valid_from) over (partition by activity_code order by valid_from) as valid_to
from activities
