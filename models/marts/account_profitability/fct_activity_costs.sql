with work as (select * from {{ ref('int_work_time_measure') }}),
capacity as (select * from {{ ref('int_capacity_measure') }}),

summed as (
    select
        account_id,
        activity_code,
        function_code,
        month,
        source,
        cast(count(*) as bigint) as pieces_count,
        cast(sum(quantity) as decimal(18, 4)) as quantity,
        cast(sum(standard_minutes) as decimal(18, 4)) as standard_minutes_total,
        cast(sum(used_minutes) as decimal(18, 4)) as used_minutes
    from work
    where cost_state = 'costed'
    group by account_id, activity_code, function_code, month, source
),

final as (
    select
        {{ surrogate_key(['summed.account_id', 'summed.activity_code', 'summed.month']) }}
            as activity_cost_key,
        summed.account_id,
        summed.activity_code,
        summed.function_code,
        summed.month,
        summed.source,
        capacity.gap_code is null as is_supplied,
        summed.pieces_count,
        summed.quantity,
        summed.standard_minutes_total,
        summed.used_minutes,
        capacity.rate_per_minute,
        case
            when capacity.gap_code is null then {{ activity_cost(
                'summed.used_minutes', 'capacity.cost_amount', 'capacity.practical_minutes'
            ) }}
        end as cost_amount,
        '{{ var("reporting_currency") }}' as currency
    from summed
    inner join capacity
        on summed.function_code = capacity.function_code and summed.month = capacity.month
)

select * from final
