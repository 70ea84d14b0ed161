-- The learner's journey: the stages counted in enrollments. The first one has no step before it here: the step to it is
-- counted in spells of eligibility. What is kept is asked of stages that need the one before; mobility is an outcome.
select
    stages.stage_code,
    stages.stage_order,
    stages.title as stage_title,
    from_stages.stage_code as from_stage,
    from_stages.title as from_title,
    stages.needs_previous and from_stages.stage_code is not null as is_kept
from mart.dim_stages as stages
left join mart.dim_stages as from_stages
    on stages.previous_stage_code = from_stages.stage_code and stages.dated_by = from_stages.dated_by
where stages.dated_by = 'fct_enrollment_journeys' and stages.is_supplied
order by stages.stage_order
