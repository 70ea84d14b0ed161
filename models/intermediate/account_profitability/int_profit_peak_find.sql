with curve as (select * from {{ ref('rpt_whale_curve') }}),

revenue_so_far as (
    select
        *,
        sum(revenue_amount) over (
            partition by period_code order by revenue_rank
            rows between unbounded preceding and current row
        ) as cumulative_revenue,
        sum(revenue_amount) over (partition by period_code) as period_revenue,
        sum(profit_amount) over (partition by period_code) as period_profit
    from curve
),

-- the curve starts at 0 and rises as long as accounts make money: its peak is all that these make
counted as (
    select
        period_code,
        max(account_id) filter (where is_largest_account) as largest_account_id,
        count_if(profit_amount > 0) as profitable_count,
        count_if(profit_amount < 0) as unprofitable_count,
        count_if(is_new_account) as new_count,
        count_if(is_large_account and profit_fifth = 'top') as large_at_top,
        count_if(is_large_account and profit_fifth = 'bottom') as large_at_bottom,
        sum(greatest(profit_amount, 0)) as peak,
        sum(case when is_new_account then profit_amount else 0 end) as new_profit,
        sum(case when not is_new_account then profit_amount end) as established_profit,
        sum(case when not is_new_account then greatest(profit_amount, 0) end)
            as established_peak,
        sum(case when not is_largest_account then profit_amount end) as other_profit,
        sum(case when not is_largest_account then greatest(profit_amount, 0) end) as other_peak,
        min(period_profit) as total_profit,
        min(case when cumulative_profit_amount >= period_profit then profit_rank end)
            as earning_count,
        min(period_revenue) as total_revenue,
        min(case when cumulative_revenue * 5 >= period_revenue * 4 then revenue_rank end)
            as revenue_80_count,
        count(*) as accounts_count
    from revenue_so_far
    group by period_code
),

final as (
    select
        period_code,
        cast(peak as decimal(18, 2)) as peak_profit_amount,
        case when total_profit > 0 then {{ rate('peak', 'total_profit') }} end
            as peak_profit_share,
        cast(profitable_count as bigint) as peak_rank,
        {{ rate('profitable_count', 'accounts_count') }} as peak_account_share,
        cast(peak - total_profit as decimal(18, 2)) as erosion_amount,
        case when total_profit > 0 then {{ rate('(peak - total_profit)', 'total_profit') }} end
            as erosion_share,
        cast(case when total_profit > 0 then earning_count end as bigint)
            as earning_accounts_count,
        largest_account_id,
        cast(other_peak as decimal(18, 2)) as peak_without_largest_amount,
        case when other_profit > 0 then {{ rate('other_peak', 'other_profit') }} end
            as peak_without_largest_share,
        cast(established_peak as decimal(18, 2)) as peak_established_amount,
        case
            when established_profit > 0
                then {{ rate('established_peak', 'established_profit') }}
        end as peak_established_share,
        cast(new_count as bigint) as new_accounts_count,
        cast(new_profit as decimal(18, 2)) as new_accounts_profit_amount,
        cast(unprofitable_count as bigint) as unprofitable_accounts_count,
        cast(large_at_top as bigint) as large_at_top_count,
        cast(large_at_bottom as bigint) as large_at_bottom_count,
        cast(case when total_revenue > 0 then revenue_80_count end as bigint)
            as revenue_80_accounts_count,
        case when total_revenue > 0 then {{ rate('revenue_80_count', 'accounts_count') }} end
            as revenue_80_account_share
    from counted
)

select * from final
