-- What: for each stage the 'all' row counts what account and month rows count together, and for the
--   stages of enrollments what program rows do.
-- When it matters: a reader who adds up a table must come to its total.
-- How to resolve: a key column is null or named 'all' in the data; look at the stage's enrollments,
--   or before `enrolled` at its spells.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_funnel_cohorts'}}}) }}
with cohorts as (select * from {{ ref('rpt_funnel_cohorts') }}),

stages as (select * from {{ ref('dim_stages') }}),

-- a spell is of no program, and neither is the step to enrolled that is counted in spells
parts as (
    select
        stage_code,
        'accounts and months' as summed_over,
        sum(reached_count) as reached_count,
        sum(numerator_count) as numerator_count,
        sum(denominator_count) as denominator_count,
        sum(mature_denominator_count) as mature_denominator_count
    from cohorts
    where account_id <> 'all' and program_id = 'all' and cohort_month <> 'all'
    group by stage_code
    union all
    select
        cohorts.stage_code,
        'accounts, programs and months' as summed_over,
        sum(cohorts.reached_count) as reached_count,
        sum(cohorts.numerator_count) as numerator_count,
        sum(cohorts.denominator_count) as denominator_count,
        sum(cohorts.mature_denominator_count) as mature_denominator_count
    from cohorts
    inner join stages on cohorts.stage_code = stages.stage_code
    where
        cohorts.account_id <> 'all'
        and cohorts.program_id <> 'all'
        and cohorts.cohort_month <> 'all'
        and stages.dated_by = 'fct_enrollment_journeys'
    group by cohorts.stage_code
)

select
    parts.stage_code,
    parts.summed_over
from parts
left join cohorts
    on
        parts.stage_code = cohorts.stage_code
        and cohorts.account_id = 'all'
        and cohorts.program_id = 'all'
        and cohorts.cohort_month = 'all'
where
    cohorts.stage_code is null
    or parts.reached_count <> cohorts.reached_count
    or parts.numerator_count <> cohorts.numerator_count
    or parts.denominator_count <> cohorts.denominator_count
    or parts.mature_denominator_count <> cohorts.mature_denominator_count
