-- one row: the date that everything is computed as of, and the moment before which a row must have
-- been known
with batches as (select * from {{ source('load_ledger', 'batches') }}),

dates as (
    {% if var('as_of') %}
        select cast('{{ var("as_of") }}' as date) as as_of_date
    {% else %}
        select cast(max(last_known_at) as date) as as_of_date
        from batches
        where status = 'loaded'
    {% endif %}
)

select
    as_of_date,
    cast({{ add_days('as_of_date', 1) }} as timestamp) as known_before_at
from dates
