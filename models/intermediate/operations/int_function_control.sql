-- one row per function ('all' too) and month that is over: the control limits of its on-time rate
with months as (select * from {{ ref('int_function_month_aggregate') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

counts as (
    select
        function_code,
        month,
        on_time_count as numerator_count,
        due_count as denominator_count,
        {{ rate('on_time_count', 'due_count') }} as rate
    from months
    where is_mature and due_count > 0
),

final as (
    {{ control_limits('counts', 'thresholds', ['function_code']) }}
)

select * from final
