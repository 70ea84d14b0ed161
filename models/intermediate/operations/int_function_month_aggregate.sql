-- one row per function ('all' too) and month: its work opened, closed and still open at the end
with work_items as (select * from {{ ref('fct_work_items') }}),
months as (select * from {{ ref('int_function_month_expand') }}),

dated as (
    select
        *,
        {{ month_start('opened_at') }} as opened_month,
        -- an end before the beginning ends nothing before it began
        case
            when closed_at is not null then {{ month_start('greatest(opened_at, closed_at)') }}
        end as closed_month
    from work_items
),

scoped as (
    select
        dated.*,
        dated.function_code as scope_code
    from dated
    union all
    select
        dated.*,
        'all' as scope_code
    from dated
),

opened as (
    select
        scope_code,
        opened_month,
        cast(count(*) as bigint) as opened_count
    from scoped
    group by scope_code, opened_month
),

closed as (
    select
        scope_code,
        closed_month,
        cast(count(*) as bigint) as closed_count,
        cast(count_if(is_single) as bigint) as single_count,
        cast(count(is_on_time) as bigint) as due_count,
        cast(count_if(is_on_time) as bigint) as on_time_count,
        cast(count_if(is_single and is_rework) as bigint) as rework_count,
        cast(count(case when is_single then is_reopened end) as bigint) as reopened_known_count,
        cast(count_if(is_single and is_reopened) as bigint) as reopened_count,
        cast(sum(quantity) as decimal(18, 4)) as quantity,
        cast(
            sum(actual_minutes) filter (where standard_minutes is not null) as decimal(18, 4)
        ) as actual_minutes_total,
        cast(
            sum(standard_minutes) filter (where actual_minutes is not null) as decimal(18, 4)
        ) as standard_minutes_total
    from scoped
    where closed_month is not null
    group by scope_code, closed_month
),

-- a row for several alike has the hours of a reporting period, not those of a piece
timed as (
    select
        scope_code,
        closed_month,
        response_hours,
        cycle_hours,
        case when wait_hours <= cycle_hours then wait_hours end as waited_hours,
        case when wait_hours <= cycle_hours then cycle_hours end as lead_hours
    from scoped
    where is_single and cycle_hours is not null
),

times as (
    select
        scope_code,
        closed_month,
        cast(percentile_cont(0.5) within group (order by response_hours) as double)
            as response_p50_hours,
        cast(percentile_cont(0.5) within group (order by waited_hours) as double) as wait_p50_hours,
        cast(percentile_cont(0.5) within group (order by cycle_hours) as double) as cycle_p50_hours,
        cast(percentile_cont(0.9) within group (order by cycle_hours) as double) as cycle_p90_hours,
        {{ rate(exact_sum('cycle_hours'), 'count(*)') }} as cycle_mean_hours,
        case
            when count(*) > 1
                then
                    sqrt(greatest(cast(0 as double), (
                        {{ exact_sum('cycle_hours * cycle_hours') }}
                        - {{ exact_sum('cycle_hours') }} * {{ exact_sum('cycle_hours') }} / count(*)
                    ) / (count(*) - 1)))
        end as cycle_deviation_hours,
        {{ exact_sum('waited_hours') }} as wait_hours_total,
        {{ exact_sum('lead_hours') }} as lead_hours_total
    from timed
    group by scope_code, closed_month
),

-- counted one by one at the end of each month
waiting as (
    select
        scoped.scope_code,
        months.month,
        cast(count(*) as bigint) as backlog_count,
        cast(count_if(scoped.due_at < months.end_at) as bigint) as overdue_count,
        cast(percentile_cont(0.9) within group (
            order by {{ hours_between('scoped.opened_at', 'months.end_at') }}
        ) as double) as open_p90_hours
    from scoped
    inner join months
        on
            scoped.scope_code = months.function_code
            and scoped.opened_month <= months.month
            and (scoped.closed_month is null or scoped.closed_month > months.month)
    group by scoped.scope_code, months.month
),

-- 0 where nothing was counted; null before anything of the function was known
none_counted as (
    select
        *,
        case when is_supplied then cast(0 as bigint) end as none_count
    from months
),

final as (
    select
        none_counted.function_code,
        none_counted.month,
        none_counted.is_supplied,
        none_counted.is_mature,
        coalesce(opened.opened_count, none_counted.none_count) as opened_count,
        coalesce(closed.closed_count, none_counted.none_count) as closed_count,
        coalesce(closed.single_count, none_counted.none_count) as single_count,
        coalesce(closed.due_count, none_counted.none_count) as due_count,
        coalesce(closed.on_time_count, none_counted.none_count) as on_time_count,
        coalesce(closed.rework_count, none_counted.none_count) as rework_count,
        coalesce(closed.reopened_known_count, none_counted.none_count) as reopened_known_count,
        coalesce(closed.reopened_count, none_counted.none_count) as reopened_count,
        coalesce(waiting.backlog_count, none_counted.none_count) as backlog_count,
        coalesce(waiting.overdue_count, none_counted.none_count) as overdue_count,
        coalesce(closed.quantity, cast(none_counted.none_count as decimal(18, 4))) as quantity,
        closed.actual_minutes_total,
        closed.standard_minutes_total,
        times.response_p50_hours,
        times.wait_p50_hours,
        times.cycle_p50_hours,
        times.cycle_p90_hours,
        times.cycle_mean_hours,
        times.cycle_deviation_hours,
        times.wait_hours_total,
        times.lead_hours_total,
        waiting.open_p90_hours
    from none_counted
    left join opened
        on
            none_counted.function_code = opened.scope_code
            and none_counted.month = opened.opened_month
    left join closed
        on
            none_counted.function_code = closed.scope_code
            and none_counted.month = closed.closed_month
    left join times
        on
            none_counted.function_code = times.scope_code
            and none_counted.month = times.closed_month
    left join waiting
        on
            none_counted.function_code = waiting.scope_code
            and none_counted.month = waiting.month
)

select * from final
