-- one row per function ('all' too) and month, from its first one with work or capacity
with work_items as (select * from {{ ref('fct_work_items') }}),
capacity as (select * from {{ ref('rpt_capacity') }}),
functions as (select * from {{ ref('dim_functions') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

seen as (
    select
        function_code,
        {{ month_start('opened_at') }} as seen_month,
        {{ month_start('opened_at') }} as work_month
    from work_items
    union all
    select
        function_code,
        month as seen_month,
        cast(null as date) as work_month
    from capacity
),

first_months as (
    select
        {{ all_or('function_code') }} as scope_code,
        min(seen_month) as first_month,
        min(work_month) as first_work_month
    from seen
    group by cube(function_code)
    having min(seen_month) is not null
),

scopes as (
    select function_code as scope_code
    from functions
    union
    select scope_code
    from first_months
),

-- a function that nothing is known of has the months of all
spans as (
    select
        scopes.scope_code,
        coalesce(own_months.first_month, all_months.first_month) as first_month,
        own_months.first_work_month
    from scopes
    inner join first_months as all_months on all_months.scope_code = 'all'
    left join first_months as own_months on scopes.scope_code = own_months.scope_code
),

days as (
    select {{ date_series('first_months.first_month', 'as_of.as_of_date') }} as date_day
    from first_months
    cross join as_of
    where first_months.scope_code = 'all'
),

months as (
    select
        {{ month_start('date_day') }} as month_date,
        {{ add_days('max(date_day)', 1) }} as next_date
    from days
    group by {{ month_start('date_day') }}
),

final as (
    select
        spans.scope_code as function_code,
        months.month_date as month,
        coalesce(spans.first_work_month <= months.month_date, false) as is_supplied,
        {{ month_is_over('months.month_date', 'as_of.known_until_at') }} as is_mature,
        -- of the as-of month the moment until which the data go
        least(cast(months.next_date as timestamp), as_of.known_until_at) as end_at
    from spans
    inner join months on spans.first_month <= months.month_date
    cross join as_of
)

select * from final
