select distinct
    cast(cast(cutoff_day as integer) as varchar) as value,
    'Day ' || cast(cutoff_day as integer) as label,
    cutoff_day
from mart.rpt_indicator_validity
order by cutoff_day
