with handoffs as (select * from {{ ref('int_handoff_find') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

dated as (
    select
        *,
        {{ month_start('taken_up_at') }} as month_date
    from handoffs
),

scoped as (
    select
        from_function as from_code,
        to_function as to_code,
        month_date,
        wait_hours
    from dated
    union all
    select
        'all' as from_code,
        'all' as to_code,
        month_date,
        wait_hours
    from dated
),

summed as (
    select
        from_code,
        to_code,
        month_date,
        cast(count(*) as bigint) as handoffs_count,
        cast(percentile_cont(0.5) within group (order by wait_hours) as double) as wait_p50_hours,
        cast(percentile_cont(0.9) within group (order by wait_hours) as double) as wait_p90_hours,
        {{ exact_sum('wait_hours') }} as wait_hours_total
    from scoped
    group by from_code, to_code, month_date
),

final as (
    select
        {{ surrogate_key(['summed.from_code', 'summed.to_code', 'summed.month_date']) }}
            as handoff_key,
        summed.from_code as from_function,
        summed.to_code as to_function,
        summed.month_date as month,
        {{ month_is_over('summed.month_date', 'as_of.known_until_at') }} as is_mature,
        summed.handoffs_count,
        summed.wait_p50_hours,
        summed.wait_p90_hours,
        summed.wait_hours_total,
        summed.wait_hours_total / nullif(totals.wait_hours_total, 0) as wait_share
    from summed
    inner join summed as totals
        on totals.from_code = 'all' and summed.month_date = totals.month_date
    cross join as_of
)

select * from final
