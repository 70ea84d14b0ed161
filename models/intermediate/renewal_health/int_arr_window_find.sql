-- one row per window of 1, 3 and 12 months that is over and whose opening could be known
with terms as (select * from {{ ref('int_contract_term_resolve') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

bounds as (
    select
        {{ month_start('min(terms.starts_on)') }} as first_month,
        max({{ last_month_over('as_of') }}) as last_month
    from terms
    cross join as_of
    where terms.starts_on <= terms.ends_on
),

days as (
    select
        first_month,
        {{ date_series('first_month', 'last_month') }} as day_date
    from bounds
    where first_month <= last_month
),

lengths as (
    select cast(1 as int) as window_months
    union all
    select cast(3 as int) as window_months
    union all
    select cast(12 as int) as window_months
),

windows as (
    select
        lengths.window_months,
        days.first_month,
        days.day_date as closing_month,
        {{ add_months('days.day_date', '1 - lengths.window_months') }} as window_start
    from days
    cross join lengths
    where extract(day from days.day_date) = 1
)

select
    window_months,
    window_start,
    {{ add_days(add_months('closing_month', 1), -1) }} as window_end,
    {{ add_months('window_start', -1) }} as opening_month,
    closing_month
from windows
where window_start >= first_month
