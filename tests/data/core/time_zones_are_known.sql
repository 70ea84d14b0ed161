-- What: each time zone that a participant or account names is in the seed `time_zones`.
-- When it matters: days are then counted by the account's zone or UTC, off by some hours.
-- How to resolve: land IANA names, such as America/Chicago. A warning: the error is under a day.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_participant'}}}) }}
with named as (
    select timezone from {{ ref('stg_participant') }}
    union all
    select timezone from {{ ref('stg_account') }}
)

select
    named.timezone,
    count(*) as rows_count
from named
left join {{ ref('time_zones') }} as time_zones on named.timezone = time_zones.time_zone
where named.timezone is not null and time_zones.time_zone is null
group by named.timezone
