with periods as (select * from {{ ref('int_profit_period_find') }}),
account_sums as (select * from {{ ref('int_account_period_sum') }}),
measures as (select * from {{ ref('int_profit_concentration_measure') }}),
peaks as (select * from {{ ref('int_profit_peak_find') }}),

left_out as (
    select
        period_code,
        count_if(is_held and account_id <> 'unknown') as held_accounts_count,
        max(profit_amount) filter (where account_id = 'unknown' and not is_held)
            as unknown_profit_amount
    from account_sums
    group by period_code
),

final as (
    select
        {{ surrogate_key(['periods.period_code']) }} as concentration_key,
        periods.period_code,
        periods.prior_period_code,
        periods.period_type,
        periods.is_complete,
        measures.accounts_count is not null as is_supplied,
        peaks.largest_account_id,
        cast(coalesce(measures.accounts_count, 0) as bigint) as accounts_count,
        cast(left_out.held_accounts_count as bigint) as held_accounts_count,
        measures.total_revenue_amount,
        measures.total_profit_amount,
        left_out.unknown_profit_amount,
        peaks.peak_profit_amount,
        peaks.peak_profit_share,
        peaks.peak_rank,
        peaks.peak_account_share,
        peaks.erosion_amount,
        peaks.erosion_share,
        peaks.earning_accounts_count,
        peaks.peak_without_largest_amount,
        peaks.peak_without_largest_share,
        peaks.peak_established_amount,
        peaks.peak_established_share,
        peaks.new_accounts_count,
        peaks.new_accounts_profit_amount,
        peaks.unprofitable_accounts_count,
        measures.top_20_revenue_share,
        measures.top_4_revenue_share,
        peaks.revenue_80_accounts_count,
        peaks.revenue_80_account_share,
        measures.top_20_profit_share,
        measures.gini_revenue,
        measures.gini_positive_profit,
        measures.revenue_profit_rank_correlation,
        measures.rank_correlation_ci_low,
        measures.rank_correlation_ci_high,
        peaks.large_at_top_count,
        peaks.large_at_bottom_count,
        measures.persistence_accounts_count,
        measures.profit_persistence,
        measures.profit_persistence_ci_low,
        measures.profit_persistence_ci_high,
        '{{ var("reporting_currency") }}' as currency,
        periods.period_start,
        periods.period_end,
        periods.counted_until_date
    from periods
    inner join left_out on periods.period_code = left_out.period_code
    left join measures on periods.period_code = measures.period_code
    left join peaks on periods.period_code = peaks.period_code
)

select * from final
