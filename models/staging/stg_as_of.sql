-- one row: the date that everything is computed as of, the moment before which a row must have been
-- known, and the last day that is over for certain
with batches as (select * from {{ source('load_ledger', 'batches') }}),

dates as (
    {% if var('as_of') %}
        select
            cast('{{ var("as_of") }}' as date) as as_of_date,
            true as is_given
    {% else %}
        select
            cast(max(last_known_at) as date) as as_of_date,
            false as is_given
        from batches
        where status = 'loaded'
    {% endif %}
)

select
    as_of_date,
    cast({{ add_days('as_of_date', 1) }} as timestamp) as known_before_at,
    -- the latest day of the landed data may still be running when they land
    case when is_given then as_of_date else {{ add_days('as_of_date', -1) }} end as last_full_date
from dates
