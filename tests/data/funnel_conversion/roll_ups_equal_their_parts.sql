-- What: for each stage the 'all' row counts what account, program and month rows count together.
-- When it matters: a reader who adds up a table must come to its total.
-- How to resolve: a key column is null or named 'all' in the data; look at the stage's enrollments.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_funnel_cohorts'}}}) }}
with cohorts as (select * from {{ ref('rpt_funnel_cohorts') }}),

parts as (
    select
        stage_code,
        sum(reached_count) as reached_count,
        sum(numerator_count) as numerator_count,
        sum(denominator_count) as denominator_count
    from cohorts
    where account_id <> 'all' and program_id <> 'all' and cohort_month <> 'all'
    group by stage_code
)

select parts.stage_code
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
