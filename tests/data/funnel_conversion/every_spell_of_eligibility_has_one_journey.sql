-- What: every landed spell of eligibility that has begun has exactly one journey.
-- When it matters: a spell lost, or doubled by a worker with two participants, moves every rate of
--   the funnel's front.
-- How to resolve: look for the join in fct_eligibility_journeys that drops or repeats it.
{{ config(meta={'dagster': {'ref': {'name': 'fct_eligibility_journeys'}}}) }}
with landed as (
    select eligibility.eligibility_id
    from {{ ref('stg_eligibility') }} as eligibility
    cross join {{ ref('stg_as_of') }} as as_of
    where eligibility.eligible_from <= as_of.as_of_date
),

journeys as (
    select
        eligibility_id,
        count(*) as journeys_count
    from {{ ref('fct_eligibility_journeys') }}
    group by eligibility_id
)

select
    landed.eligibility_id as landed_eligibility_id,
    journeys.eligibility_id,
    journeys.journeys_count
from landed
full outer join journeys on landed.eligibility_id = journeys.eligibility_id
where
    landed.eligibility_id is null
    or journeys.eligibility_id is null
    or journeys.journeys_count <> 1
