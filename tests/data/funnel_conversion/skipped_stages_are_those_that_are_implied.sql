-- What: the stages that a journey names as skipped are those that the funnel counts as implied.
-- When it matters: the rule is written twice, for a journey's list and for the funnel's counts; a
--   reader who counts the first must come to the second.
-- How to resolve: one of them lacks a stage, or does not ask whether it is supplied: compare the
--   fact's skipped_stages with the macro stage_reach.
{{ config(meta={'dagster': {'ref': {'name': 'fct_enrollment_journeys'}}}) }}
with reached as (
    select
        reach.enrollment_id as journey_id,
        reach.stage_code,
        reach.is_implied,
        journeys.skipped_stages
    from {{ ref('int_enrollment_stage_reach') }} as reach
    inner join {{ ref('fct_enrollment_journeys') }} as journeys
        on reach.enrollment_id = journeys.enrollment_id
    union all
    select
        reach.eligibility_id as journey_id,
        reach.stage_code,
        reach.is_implied,
        journeys.skipped_stages
    from {{ ref('int_eligibility_stage_reach') }} as reach
    inner join {{ ref('fct_eligibility_journeys') }} as journeys
        on reach.eligibility_id = journeys.eligibility_id
)

select
    journey_id,
    stage_code,
    skipped_stages
from reached
where
    is_implied
    <> (concat(' ', coalesce(skipped_stages, ''), ' ') like concat('% ', stage_code, ' %'))
