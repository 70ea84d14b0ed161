with stands as (select * from {{ ref('int_stage_stand_resolve') }}),
stages as (select * from {{ ref('dim_stages') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

moves as (
    select
        account_id,
        stage_code,
        {{ month_start('entered_date') }} as move_month,
        'entered' as way
    from stands
    union all
    select
        account_id,
        stage_code,
        {{ month_start('advanced_date') }} as move_month,
        'advanced' as way
    from stands
    where advanced_date is not null
    union all
    select
        account_id,
        stage_code,
        {{ month_start('left_date') }} as move_month,
        'left' as way
    from stands
    where left_date is not null
),

counts as (
    select
        {{ all_or('account_id') }} as account_code,
        stage_code,
        move_month,
        cast(count_if(way = 'entered') as bigint) as entries_count,
        cast(count_if(way = 'advanced') as bigint) as advanced_count,
        cast(count_if(way = 'left') as bigint) as left_count
    from moves
    group by cube(account_id), stage_code, move_month
),

first_months as (
    select
        account_code,
        stage_code,
        min(move_month) as first_month
    from counts
    group by account_code, stage_code
),

bounds as (
    select min(entered_date) as first_date
    from stands
),

days as (
    select {{ date_series('bounds.first_date', 'as_of.as_of_date') }} as date_day
    from bounds
    cross join as_of
),

months as (
    select {{ month_start('date_day') }} as month_date
    from days
    group by {{ month_start('date_day') }}
),

-- every month since the first entry, also those in which nothing moved
monthly as (
    select
        first_months.account_code,
        first_months.stage_code,
        months.month_date,
        coalesce(counts.entries_count, 0) as entries_count,
        coalesce(counts.advanced_count, 0) as advanced_count,
        coalesce(counts.left_count, 0) as left_count,
        coalesce(counts.advanced_count + counts.left_count, 0) as exits_count
    from first_months
    inner join months on first_months.first_month <= months.month_date
    left join counts
        on
            first_months.account_code = counts.account_code
            and first_months.stage_code = counts.stage_code
            and months.month_date = counts.move_month
),

final as (
    select
        {{ surrogate_key(['monthly.account_code', 'monthly.month_date', 'monthly.stage_code']) }}
            as funnel_period_key,
        monthly.account_code as account_id,
        monthly.month_date as month,
        monthly.stage_code,
        stages.stage_order,
        monthly.month_date < {{ month_start('as_of.known_until_at') }} as is_mature,
        monthly.entries_count,
        monthly.advanced_count,
        monthly.left_count,
        monthly.exits_count,
        cast(
            sum(monthly.entries_count - monthly.exits_count) over (
                partition by monthly.account_code, monthly.stage_code
                order by monthly.month_date
                rows between unbounded preceding and current row
            ) as bigint
        ) as stock_count,
        {{ rate('monthly.exits_count', 'monthly.entries_count') }} as flow_ratio
    from monthly
    inner join stages on monthly.stage_code = stages.stage_code
    cross join as_of
)

select * from final
