-- one row per version of a term of a time equation: minutes per unit of an attribute, from a day on
with terms as (select * from {{ ref('stg_activity_term') }})

select
    activity_code,
    attribute,
    minutes_per_unit,
    valid_from,
    lead(valid_from) over (partition by activity_code, attribute order by valid_from) as valid_to
from terms
