with months as (select * from {{ ref('int_function_month_aggregate') }}),
control as (select * from {{ ref('int_function_control') }}),
capacity as (select * from {{ ref('rpt_capacity') }}),

utilization as (
    select
        {{ all_or('function_code') }} as scope_code,
        month,
        {{ rate('sum(used_minutes)', 'sum(practical_minutes)') }} as utilization_rate
    from capacity
    where used_minutes is not null and practical_minutes is not null
    group by cube(function_code), month
),

-- without a single piece that is said to repeat another, nobody records rework
recorded as (
    select bool_or(rework_count > 0) as has_rework
    from months
),

counted as (
    select
        months.*,
        case when recorded.has_rework then months.rework_count end as known_rework_count
    from months
    cross join recorded
),

final as (
    select
        {{ surrogate_key(['counted.function_code', 'counted.month']) }}
            as function_performance_key,
        counted.function_code,
        counted.month,
        counted.is_supplied,
        counted.is_mature,
        counted.opened_count,
        counted.closed_count,
        counted.single_count,
        counted.quantity,
        counted.backlog_count,
        counted.overdue_count,
        counted.open_p90_hours,
        counted.on_time_count,
        counted.due_count,
        {{ rate('counted.on_time_count', 'counted.due_count') }} as on_time_rate,
        {{ wilson_low('counted.on_time_count', 'counted.due_count') }} as on_time_ci_low,
        {{ wilson_high('counted.on_time_count', 'counted.due_count') }} as on_time_ci_high,
        control.centre_rate,
        control.limit_low,
        control.limit_high,
        control.sigma_z,
        control.control_reason,
        case when control.function_code is not null then control.control_reason is not null end
            as is_out_of_control,
        counted.response_p50_hours,
        counted.wait_p50_hours,
        counted.cycle_p50_hours,
        counted.cycle_p90_hours,
        counted.cycle_deviation_hours / nullif(counted.cycle_mean_hours, 0) as cycle_variation,
        (counted.lead_hours_total - counted.wait_hours_total)
        / nullif(counted.lead_hours_total, 0)
            as flow_efficiency,
        counted.known_rework_count as rework_count,
        {{ rate('counted.known_rework_count', 'counted.single_count') }} as rework_rate,
        {{ wilson_low('counted.known_rework_count', 'counted.single_count') }} as rework_ci_low,
        {{ wilson_high('counted.known_rework_count', 'counted.single_count') }} as rework_ci_high,
        counted.reopened_count,
        counted.reopened_known_count,
        {{ rate('counted.reopened_count', 'counted.reopened_known_count') }} as reopened_rate,
        {{ wilson_low('counted.reopened_count', 'counted.reopened_known_count') }}
            as reopened_ci_low,
        {{ wilson_high('counted.reopened_count', 'counted.reopened_known_count') }}
            as reopened_ci_high,
        counted.actual_minutes_total,
        counted.standard_minutes_total,
        {{ rate('counted.actual_minutes_total', 'counted.standard_minutes_total') }}
            as standard_ratio,
        utilization.utilization_rate
    from counted
    left join control
        on counted.function_code = control.function_code and counted.month = control.month
    left join utilization
        on counted.function_code = utilization.scope_code and counted.month = utilization.month
)

select * from final
