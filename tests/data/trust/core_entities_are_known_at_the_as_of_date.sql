-- What: at the as-of date an account, a participant, a program and an enrollment were known.
-- When it matters: an as-of date before the data, such as a mistyped year, would publish nothing.
-- How to resolve: say an AS_OF within the data, or none.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_source_health'}}}) }}
with known as (
    select
        'account' as entity,
        count(*) as rows_count
    from {{ ref('stg_account') }}
    union all
    select
        'participant' as entity,
        count(*) as rows_count
    from {{ ref('stg_participant') }}
    union all
    select
        'program' as entity,
        count(*) as rows_count
    from {{ ref('stg_program') }}
    union all
    select
        'enrollment' as entity,
        count(*) as rows_count
    from {{ ref('stg_enrollment') }}
)

select known.entity
from known
inner join {{ ref('rpt_source_health') }} as source_health on known.entity = source_health.entity
where known.rows_count = 0 and source_health.accepted_count > 0
