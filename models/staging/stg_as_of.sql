-- one row: the date that everything is computed as of, the moment before which a row must have been
-- known, and the moment until which the data go
with batches as (select * from {{ source('load_ledger', 'batches') }}),

dates as (
    {% if var('as_of') %}
        select
            cast('{{ var("as_of") }}' as date) as as_of_date,
            cast(null as timestamp) as latest_at
    {% else %}
        select
            cast(max(last_known_at) as date) as as_of_date,
            max(last_known_at) as latest_at
        from batches
        where status = 'loaded'
    {% endif %}
)

select
    as_of_date,
    cast({{ add_days('as_of_date', 1) }} as timestamp) as known_before_at,
    -- the latest day of the landed data may still be running when they land
    coalesce(latest_at, cast({{ add_days('as_of_date', 1) }} as timestamp)) as known_until_at
from dates
