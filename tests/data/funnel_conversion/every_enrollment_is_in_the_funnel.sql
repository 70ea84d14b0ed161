-- What: the funnel's first supplied stage counts every landed enrollment, orphans included.
-- When it matters: an enrollment that falls out between staging and funnel is lost silently.
-- How to resolve: look for the join that drops it; parents that never landed must be inferred, not
--   required.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_funnel_cohorts'}}}) }}
with landed as (
    select count(*) as enrollments_count
    from {{ ref('stg_enrollment') }}
),

counted as (
    select reached_count
    from {{ ref('rpt_funnel_cohorts') }}
    where
        account_id = 'all' and program_id = 'all' and cohort_month = 'all'
        and stage_code = 'enrolled' and is_supplied
)

select
    landed.enrollments_count,
    counted.reached_count
from landed
left join counted on true
where landed.enrollments_count <> coalesce(counted.reached_count, 0)
