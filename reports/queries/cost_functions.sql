-- Functions that have cost, capacity or work.
select functions.function_code as value, functions.title as label
from mart.dim_functions as functions
where functions.function_code in (select function_code from mart.rpt_capacity)
order by functions.title
