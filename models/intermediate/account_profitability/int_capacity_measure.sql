-- one row per function and month with cost, capacity or work: what a minute of it costs
with money as (select * from {{ ref('int_money_line_convert') }}),
capacities as (select * from {{ ref('stg_function_capacity') }}),
work as (select * from {{ ref('int_work_time_measure') }}),
needs as (select * from {{ ref('int_costing_supply') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

supply as (
    select
        bool_and(is_supplied) as is_landed,
        bool_and(is_supplied or entity not in ('activity', 'work_item')) as has_work
    from needs
    where part = 'cost_to_serve'
),

costs as (
    select
        function_code,
        month,
        {{ known_sum('amount') }} as cost_amount,
        cast(count(*) as bigint) as cost_rows_count,
        min(case when amount is null then landed_currency end) as unconverted_currency
    from money
    where line_group = 'activity'
    group by function_code, month
),

capacity as (
    select
        capacities.function_code,
        {{ month_start('capacities.month') }} as capacity_month,
        cast(count(*) as bigint) as capacity_rows_count,
        max(capacities.paid_minutes) as paid_minutes,
        max(capacities.practical_minutes) as practical_minutes
    from capacities
    inner join as_of on capacities.month < as_of.known_before_at
    group by capacities.function_code, {{ month_start('capacities.month') }}
),

used as (
    select
        function_code,
        month,
        sum(used_minutes) as all_minutes,
        sum(case when account_id <> 'internal' then used_minutes else 0 end) as account_minutes,
        sum(case when account_id = 'internal' then used_minutes else 0 end) as internal_minutes
    from work
    where cost_state = 'costed'
    group by function_code, month
),

ledger_months as (
    select month
    from costs
    group by month
),

function_months as (
    select
        function_code,
        month
    from costs
    union
    select
        function_code,
        capacity_month as month
    from capacity
    union
    select
        function_code,
        month
    from used
),

measured as (
    select
        function_months.function_code,
        function_months.month,
        costs.cost_amount,
        costs.cost_rows_count,
        costs.unconverted_currency,
        capacity.capacity_rows_count,
        ledger_months.month is not null as has_ledger_month,
        -- two rows of one month are as good as none: nobody knows which is right
        case when capacity.capacity_rows_count = 1 then capacity.paid_minutes end as paid_minutes,
        case
            when capacity.capacity_rows_count = 1
                then cast(coalesce(
                    capacity.practical_minutes,
                    capacity.paid_minutes * thresholds.practical_share
                ) as decimal(18, 4))
        end as practical_minutes,
        case
            when capacity.capacity_rows_count > 1 then cast(null as {{ dbt.type_string() }})
            when capacity.practical_minutes is not null then 'measured'
            when capacity.paid_minutes is not null then 'paid_share'
        end as practical_basis,
        -- no work is nothing only where work has landed
        case when supply.has_work then coalesce(used.all_minutes, 0) end as used_minutes,
        case when supply.has_work then coalesce(used.account_minutes, 0) end as account_minutes,
        case when supply.has_work then coalesce(used.internal_minutes, 0) end as internal_minutes,
        supply.is_landed
    from function_months
    cross join supply
    cross join thresholds
    left join costs
        on
            function_months.function_code = costs.function_code
            and function_months.month = costs.month
    left join capacity
        on
            function_months.function_code = capacity.function_code
            and function_months.month = capacity.capacity_month
    left join used
        on
            function_months.function_code = used.function_code
            and function_months.month = used.month
    left join ledger_months on function_months.month = ledger_months.month
),

-- what is missing for a rate, the first of it
judged as (
    select
        *,
        case
            when not is_landed then 'not_landed'
            when not has_ledger_month then 'missing_ledger'
            when cost_rows_count is null then 'missing_cost'
            when cost_amount is null then 'unconverted_cost'
            when capacity_rows_count > 1 then 'double_capacity'
            when coalesce(practical_minutes, 0) = 0 then 'missing_capacity'
        end as gap_code
    from measured
)

select
    function_code,
    month,
    gap_code,
    unconverted_currency,
    practical_basis,
    cost_rows_count is not null as has_cost,
    cost_amount,
    paid_minutes,
    practical_minutes,
    cast(used_minutes as decimal(18, 4)) as used_minutes,
    cast(account_minutes as decimal(18, 4)) as account_minutes,
    cast(internal_minutes as decimal(18, 4)) as internal_minutes,
    case when gap_code is null then {{ capacity_rate('cost_amount', 'practical_minutes') }} end
        as rate_per_minute
from judged
