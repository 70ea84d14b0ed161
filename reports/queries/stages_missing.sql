-- Stages that nobody supplied, and on which side of what was supplied they lie.
select
    stages.stage_code,
    stages.stage_order,
    lower(stages.title) as stage_title,
    stages.stage_order < (
        select min(stage_order) from mart.dim_stages where is_supplied
    ) as is_before
from mart.dim_stages as stages
where not stages.is_supplied
order by stages.stage_order
