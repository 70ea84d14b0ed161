with capacity as (select * from {{ ref('int_capacity_measure') }}),
activity_costs as (select * from {{ ref('fct_activity_costs') }}),

assigned as (
    select
        function_code,
        month,
        {{ known_sum('cost_amount') }} as assigned_amount,
        cast(sum(case when account_id = 'internal' then cost_amount else 0 end) as decimal(18, 2))
            as internal_amount
    from activity_costs
    group by function_code, month
),

costed as (
    select
        capacity.*,
        capacity.gap_code is null as is_supplied,
        case when capacity.gap_code is null then coalesce(assigned.assigned_amount, 0) end
            as assigned_amount,
        case when capacity.gap_code is null then coalesce(assigned.internal_amount, 0) end
            as internal_amount
    from capacity
    left join assigned
        on capacity.function_code = assigned.function_code and capacity.month = assigned.month
),

final as (
    select
        {{ surrogate_key(['function_code', 'month']) }} as capacity_key,
        function_code,
        month,
        is_supplied,
        has_cost,
        practical_basis,
        used_minutes > practical_minutes as is_overloaded,
        cost_amount,
        cast(assigned_amount as decimal(18, 2)) as assigned_amount,
        cast(internal_amount as decimal(18, 2)) as internal_amount,
        cast(cost_amount - assigned_amount as decimal(18, 2)) as unused_cost_amount,
        paid_minutes,
        practical_minutes,
        cast(used_minutes as decimal(18, 4)) as used_minutes,
        cast(account_minutes as decimal(18, 4)) as account_minutes,
        cast(internal_minutes as decimal(18, 4)) as internal_minutes,
        cast(practical_minutes - used_minutes as decimal(18, 4)) as unused_minutes,
        {{ rate('used_minutes', 'practical_minutes') }} as utilization_rate,
        rate_per_minute,
        '{{ var("reporting_currency") }}' as currency
    from costed
)

select * from final
