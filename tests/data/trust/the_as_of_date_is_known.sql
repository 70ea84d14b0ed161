-- What: there is a date as of which everything is computed.
-- When it matters: without it every row is unknown, and each table is empty.
-- How to resolve: land rows that have a time (see the load's summary), or say AS_OF=<date>.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_source_health'}}}) }}
with source_health as (select * from {{ ref('rpt_source_health') }}),
as_of as (select * from {{ ref('stg_as_of') }})

select
    source_health.family,
    source_health.entity,
    as_of.as_of_date
from source_health
cross join as_of
where as_of.as_of_date is null
