with capacity as (select * from {{ ref('int_capacity_measure') }}),
activity_costs as (select * from {{ ref('fct_activity_costs') }}),

assigned as (
    select
        function_code,
        month,
        sum(cost_amount) as all_amount,
        sum(case when account_id = 'internal' then cost_amount else 0 end) as internal_amount
    from activity_costs
    group by function_code, month
),

costed as (
    select
        capacity.*,
        capacity.gap_code is null as is_supplied,
        cast(
            case when capacity.gap_code is null then coalesce(assigned.all_amount, 0) end
            as decimal(18, 2)
        ) as assigned_amount,
        cast(
            case when capacity.gap_code is null then coalesce(assigned.internal_amount, 0) end
            as decimal(18, 2)
        ) as internal_amount
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
        assigned_amount,
        cast(assigned_amount - internal_amount as decimal(18, 2)) as accounts_amount,
        internal_amount,
        cast(cost_amount - assigned_amount as decimal(18, 2)) as unused_cost_amount,
        paid_minutes,
        practical_minutes,
        used_minutes,
        account_minutes,
        internal_minutes,
        cast(practical_minutes - used_minutes as decimal(18, 4)) as unused_minutes,
        {{ rate('used_minutes', 'practical_minutes') }} as utilization_rate,
        rate_per_minute,
        '{{ var("reporting_currency") }}' as currency
    from costed
)

select * from final
