with activity_costs as (select * from {{ ref('fct_activity_costs') }}),
activities as (select * from {{ ref('int_activity_version') }}),
periods as (select * from {{ ref('int_cost_period_find') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- what the activity is called today
named as (
    select
        activities.activity_code,
        activities.title,
        activities.driver
    from activities
    inner join as_of on {{ is_in_force('activities', 'as_of.as_of_date') }}
),

summed as (
    select
        periods.period_no,
        periods.first_month,
        periods.last_month,
        periods.months_count,
        activity_costs.activity_code,
        activity_costs.function_code,
        cast(sum(activity_costs.quantity) as decimal(18, 4)) as quantity,
        cast(sum(activity_costs.used_minutes) as decimal(18, 4)) as used_minutes,
        {{ known_sum('activity_costs.cost_amount') }} as cost_amount
    from activity_costs
    inner join periods on activity_costs.month = periods.month
    group by
        periods.period_no,
        periods.first_month,
        periods.last_month,
        periods.months_count,
        activity_costs.activity_code,
        activity_costs.function_code
),

units as (
    select
        *,
        {{ rate('used_minutes', 'quantity') }} as minutes_per_unit,
        {{ rate('cost_amount', 'quantity') }} as cost_per_unit
    from summed
),

final as (
    select
        {{ surrogate_key(['units.period_no', 'units.activity_code', 'units.function_code']) }}
            as cost_to_serve_key,
        units.period_no,
        units.first_month,
        units.last_month,
        units.months_count,
        units.activity_code,
        units.function_code,
        coalesce(named.title, units.activity_code) as title,
        coalesce(named.driver, 'piece') as driver,
        units.quantity,
        units.used_minutes,
        units.cost_amount,
        units.minutes_per_unit,
        units.cost_per_unit,
        case when earlier.months_count = 12 then earlier.quantity end as prior_quantity,
        case when earlier.months_count = 12 then earlier.cost_amount end as prior_cost_amount,
        case when earlier.months_count = 12 then earlier.minutes_per_unit end
            as prior_minutes_per_unit,
        case when earlier.months_count = 12 then earlier.cost_per_unit end as prior_cost_per_unit,
        '{{ var("reporting_currency") }}' as currency
    from units
    left join named on units.activity_code = named.activity_code
    left join units as earlier
        on
            earlier.period_no = units.period_no + 1
            and units.activity_code = earlier.activity_code
            and units.function_code = earlier.function_code
)

select * from final
