-- What: of the enrollments that have begun at an account, each stands at one stage on the as-of
--   date or has left from one; and so of the spells, which may also have enrolled.
-- When it matters: an enrollment that stands nowhere, or twice, is missing or double in a stock.
-- How to resolve: look at the stands of its journey in int_stage_stand_resolve.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_funnel_periods'}}}) }}
with periods as (select * from {{ ref('rpt_funnel_periods') }}),

enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
spells as (select * from {{ ref('fct_eligibility_journeys') }}),
as_of as (select * from {{ ref('stg_as_of') }}),
stages as (select * from {{ ref('dim_stages') }}),

begun as (
    select
        enrollments.account_id,
        'fct_enrollment_journeys' as dated_by,
        count(*) as begun_count
    from enrollments
    cross join as_of
    where enrollments.start_date <= as_of.as_of_date
    group by enrollments.account_id
    union all
    select
        account_id,
        'fct_eligibility_journeys' as dated_by,
        count(*) - count(enrolled_at) as begun_count
    from spells
    group by account_id
),

-- stock and leavings of all months; mobility stands beside
found as (
    select
        periods.account_id,
        stages.dated_by,
        sum(
            periods.left_count
            + case
                when periods.month = {{ month_start('as_of.as_of_date') }} then periods.stock_count
                else 0
            end
        ) as found_count
    from periods
    inner join stages on periods.stage_code = stages.stage_code
    cross join as_of
    where stages.needs_previous and periods.account_id <> 'all'
    group by periods.account_id, stages.dated_by
)

select
    begun.account_id,
    begun.dated_by,
    begun.begun_count,
    found.found_count
from begun
full outer join found
    on begun.account_id = found.account_id and begun.dated_by = found.dated_by
where coalesce(begun.begun_count, 0) <> coalesce(found.found_count, 0)
