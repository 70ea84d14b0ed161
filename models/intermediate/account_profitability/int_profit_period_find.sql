with account_months as (select * from {{ ref('rpt_account_profitability') }}),
closes as (select * from {{ ref('int_profit_close_find') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

last_closed as (
    select closed_month as month
    from closes
    where closed_month is not null
),

counted_months as (
    select account_months.month
    from account_months
    inner join last_closed on account_months.month <= last_closed.month
    group by account_months.month
),

fiscal_months as (
    select
        {{ add_months('counted_months.month', '1 - thresholds.fiscal_year_start_month') }}
            as shifted_month,
        thresholds.fiscal_year_start_month - 1 as shift_months
    from counted_months
    cross join thresholds
),

starts as (
    select
        'fiscal_year' as period_type,
        'FY' as code_prefix,
        {{ add_months("cast(date_trunc('year', shifted_month) as date)", 'shift_months') }}
            as period_start
    from fiscal_months
    union
    select
        'trailing_twelve_months' as period_type,
        'T12M' as code_prefix,
        {{ add_months('month', -11) }} as period_start
    from last_closed
    union
    select
        'trailing_twelve_months' as period_type,
        'T12M_BEFORE' as code_prefix,
        {{ add_months('month', -23) }} as period_start
    from last_closed
),

periods as (
    select
        period_type,
        code_prefix,
        period_start,
        {{ add_days(add_months('period_start', 12), -1) }} as period_end
    from starts
),

counted as (
    select
        periods.period_type,
        periods.code_prefix,
        periods.period_start,
        periods.period_end,
        count(*) as months_count,
        max(counted_months.month) as last_month
    from periods
    inner join counted_months
        on counted_months.month between periods.period_start and periods.period_end
    group by
        periods.period_type, periods.code_prefix, periods.period_start, periods.period_end
),

coded as (
    select
        *,
        case
            when period_type = 'fiscal_year'
                then
                    code_prefix
                    || cast(cast(extract(year from period_end) as int) as {{ dbt.type_string() }})
            else code_prefix
        end as period_code
    from counted
),

final as (
    select
        coded.period_code,
        earlier.period_code as prior_period_code,
        coded.period_type,
        coded.months_count = 12 as is_complete,
        coded.period_start,
        coded.period_end,
        {{ add_days(add_months('coded.last_month', 1), -1) }} as counted_until_date
    from coded
    left join coded as earlier
        on
            coded.period_type = earlier.period_type
            and coded.period_start = {{ add_months('earlier.period_start', 12) }}
)

select * from final
