with reconciliation as (select * from {{ ref('rpt_cost_reconciliation') }}),
capacity as (select * from {{ ref('rpt_capacity') }}),
periods as (select * from {{ ref('int_cost_period_find') }}),

months as (
    select
        'all' as function_code,
        month,
        accounts_amount as of_accounts,
        internal_amount as of_none,
        unused_amount as of_unused,
        sustaining_amount as of_sustaining,
        unallocated_amount as of_nobody
    from reconciliation
    union all
    -- of a function, what its minutes could not be costed for is unallocated; it sustains nobody
    select
        function_code,
        month,
        case when is_supplied then accounts_amount else 0 end as of_accounts,
        case when is_supplied then internal_amount else 0 end as of_none,
        case when is_supplied then unused_cost_amount else 0 end as of_unused,
        cast(0 as decimal(18, 2)) as of_sustaining,
        case when is_supplied then 0 else cost_amount end as of_nobody
    from capacity
    where has_cost
),

parts as (
    select
        function_code,
        month,
        'accounts' as part,
        1 as part_order,
        of_accounts as part_amount
    from months
    union all
    select
        function_code,
        month,
        'internal' as part,
        2 as part_order,
        of_none as part_amount
    from months
    union all
    select
        function_code,
        month,
        'unused' as part,
        3 as part_order,
        of_unused as part_amount
    from months
    union all
    select
        function_code,
        month,
        'sustaining' as part,
        4 as part_order,
        of_sustaining as part_amount
    from months
    union all
    select
        function_code,
        month,
        'unallocated' as part,
        5 as part_order,
        of_nobody as part_amount
    from months
),

summed as (
    select
        periods.period_no,
        periods.first_month,
        periods.last_month,
        periods.months_count,
        parts.function_code,
        parts.part,
        parts.part_order,
        {{ known_sum('parts.part_amount') }} as amount
    from parts
    inner join periods on parts.month = periods.month
    group by
        periods.period_no,
        periods.first_month,
        periods.last_month,
        periods.months_count,
        parts.function_code,
        parts.part,
        parts.part_order
),

totals as (
    select
        period_no,
        function_code,
        {{ known_sum('amount') }} as total_amount
    from summed
    group by period_no, function_code
),

shares as (
    select
        summed.*,
        totals.total_amount,
        case
            when totals.total_amount > 0 then {{ rate('summed.amount', 'totals.total_amount') }}
        end as amount_share
    from summed
    inner join totals
        on
            summed.period_no = totals.period_no
            and summed.function_code = totals.function_code
),

final as (
    select
        {{ surrogate_key(['shares.period_no', 'shares.function_code', 'shares.part']) }}
            as ledger_use_key,
        shares.period_no,
        shares.first_month,
        shares.last_month,
        shares.months_count,
        shares.function_code,
        shares.part,
        shares.part_order,
        shares.amount,
        shares.amount_share,
        shares.total_amount,
        -- half a year is no neighbour of a year
        case when earlier.months_count = 12 then earlier.amount end as prior_amount,
        case when earlier.months_count = 12 then earlier.amount_share end as prior_share,
        case when earlier.months_count = 12 then earlier.total_amount end as prior_total_amount,
        '{{ var("reporting_currency") }}' as currency
    from shares
    left join shares as earlier
        on
            earlier.period_no = shares.period_no + 1
            and shares.function_code = earlier.function_code
            and shares.part = earlier.part
)

select * from final
