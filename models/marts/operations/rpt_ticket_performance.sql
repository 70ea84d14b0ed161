with tickets as (select * from {{ ref('int_support_ticket_resolve') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

scoped as (
    select
        tickets.*,
        tickets.category as category_code
    from tickets
    union all
    select
        tickets.*,
        'all' as category_code
    from tickets
),

opened as (
    select
        category_code,
        opened_month,
        cast(count(*) as bigint) as opened_count
    from scoped
    group by category_code, opened_month
),

resolved as (
    select
        category_code,
        resolved_month,
        cast(count(*) as bigint) as resolved_count,
        cast(count(is_on_time) as bigint) as due_count,
        cast(count_if(is_on_time) as bigint) as on_time_count,
        cast(count(is_reopened) as bigint) as reopened_known_count,
        cast(count_if(is_reopened) as bigint) as reopened_count,
        cast(count(csat_score) as bigint) as rated_count,
        cast(sum(csat_score) as double) as csat_sum,
        cast(sum(csat_score * csat_score) as double) as csat_square_sum,
        cast(percentile_cont(0.5) within group (order by resolve_hours) as double)
            as resolve_p50_hours,
        cast(percentile_cont(0.9) within group (order by resolve_hours) as double)
            as resolve_p90_hours,
        cast(percentile_cont(0.5) within group (order by response_hours) as double)
            as response_p50_hours
    from scoped
    where resolved_at is not null
    group by category_code, resolved_month
),

categories as (
    select
        category_code,
        min(opened_month) as first_month
    from scoped
    group by category_code
),

bounds as (
    select min(first_month) as first_month
    from categories
),

days as (
    select {{ date_series('bounds.first_month', 'as_of.as_of_date') }} as date_day
    from bounds
    cross join as_of
),

months as (
    select
        {{ month_start('days.date_day') }} as month_date,
        -- of the as-of month the moment until which the data go
        least(cast({{ add_days('max(days.date_day)', 1) }} as timestamp), max(as_of.known_until_at))
            as end_at
    from days
    cross join as_of
    group by {{ month_start('days.date_day') }}
),

-- 0 where nothing was counted; null where no resolution has ever landed: nobody knows what is open
supplied as (
    select
        coalesce(bool_or(resolved_at is not null), false) as is_supplied,
        case when bool_or(resolved_at is not null) then cast(0 as bigint) end as none_count
    from tickets
),

-- counted one by one at the end of each month
waiting as (
    select
        scoped.category_code,
        months.month_date,
        cast(count(*) as bigint) as backlog_count,
        cast(count_if(scoped.due_at < months.end_at) as bigint) as overdue_count
    from scoped
    inner join months
        on
            scoped.opened_month <= months.month_date
            and (scoped.resolved_month is null or scoped.resolved_month > months.month_date)
    inner join supplied on supplied.is_supplied
    group by scoped.category_code, months.month_date
),

monthly as (
    select
        categories.category_code,
        months.month_date,
        supplied.is_supplied,
        coalesce(opened.opened_count, 0) as opened_count,
        coalesce(resolved.resolved_count, supplied.none_count) as resolved_count,
        coalesce(resolved.due_count, supplied.none_count) as due_count,
        coalesce(resolved.on_time_count, supplied.none_count) as on_time_count,
        coalesce(resolved.reopened_known_count, supplied.none_count) as reopened_known_count,
        coalesce(resolved.reopened_count, supplied.none_count) as reopened_count,
        coalesce(resolved.rated_count, supplied.none_count) as rated_count,
        coalesce(waiting.backlog_count, supplied.none_count) as backlog_count,
        coalesce(waiting.overdue_count, supplied.none_count) as overdue_count,
        {{ rate("resolved.csat_sum", "resolved.rated_count") }} as csat_mean,
        case
            when resolved.rated_count >= greatest(2, thresholds.minimum_observations)
                then
                    cast(1.959963984540054 as double) * sqrt(greatest(cast(0 as double), (
                        resolved.csat_square_sum
                        - resolved.csat_sum * resolved.csat_sum / resolved.rated_count
                    ) / (resolved.rated_count - 1)) / resolved.rated_count)
        end as csat_margin,
        resolved.resolve_p50_hours,
        resolved.resolve_p90_hours,
        resolved.response_p50_hours
    from categories
    inner join months on categories.first_month <= months.month_date
    cross join supplied
    cross join thresholds
    left join opened
        on
            categories.category_code = opened.category_code
            and months.month_date = opened.opened_month
    left join resolved
        on
            categories.category_code = resolved.category_code
            and months.month_date = resolved.resolved_month
    left join waiting
        on
            categories.category_code = waiting.category_code
            and months.month_date = waiting.month_date
),

final as (
    select
        {{ surrogate_key(['monthly.category_code', 'monthly.month_date']) }}
            as ticket_performance_key,
        monthly.category_code as category,
        monthly.month_date as month,
        monthly.is_supplied,
        {{ month_is_over('monthly.month_date', 'as_of.known_until_at') }} as is_mature,
        monthly.opened_count,
        monthly.resolved_count,
        monthly.backlog_count,
        monthly.overdue_count,
        monthly.on_time_count,
        monthly.due_count,
        {{ rate('monthly.on_time_count', 'monthly.due_count') }} as on_time_rate,
        {{ wilson_low('monthly.on_time_count', 'monthly.due_count') }} as on_time_ci_low,
        {{ wilson_high('monthly.on_time_count', 'monthly.due_count') }} as on_time_ci_high,
        monthly.resolve_p50_hours,
        monthly.resolve_p90_hours,
        monthly.response_p50_hours,
        monthly.reopened_count,
        monthly.reopened_known_count,
        {{ rate('monthly.reopened_count', 'monthly.reopened_known_count') }} as reopened_rate,
        {{ wilson_low('monthly.reopened_count', 'monthly.reopened_known_count') }}
            as reopened_ci_low,
        {{ wilson_high('monthly.reopened_count', 'monthly.reopened_known_count') }}
            as reopened_ci_high,
        monthly.rated_count,
        monthly.csat_mean,
        -- nobody can be less satisfied than 1, or more than 5
        case
            when monthly.csat_margin is not null
                then greatest(cast(1 as double), monthly.csat_mean - monthly.csat_margin)
        end as csat_ci_low,
        case
            when monthly.csat_margin is not null
                then least(cast(5 as double), monthly.csat_mean + monthly.csat_margin)
        end as csat_ci_high
    from monthly
    cross join as_of
)

select * from final
