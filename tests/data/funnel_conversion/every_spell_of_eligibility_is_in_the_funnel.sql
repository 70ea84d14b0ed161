-- What: where eligibility has landed, the funnel's first stage counts every spell that has begun.
-- When it matters: a spell that falls out between journeys and funnel flatters every rate after it.
-- How to resolve: look for the join that drops or repeats it in int_eligibility_stage_reach.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_funnel_cohorts'}}}) }}
with spells as (
    select count(*) as spells_count
    from {{ ref('fct_eligibility_journeys') }}
),

counted as (
    select reached_count
    from {{ ref('rpt_funnel_cohorts') }}
    where
        account_id = 'all' and program_id = 'all' and cohort_month = 'all'
        and stage_code = 'eligible' and is_supplied
)

select
    spells.spells_count,
    counted.reached_count
from spells
left join counted on true
where spells.spells_count <> coalesce(counted.reached_count, 0)
