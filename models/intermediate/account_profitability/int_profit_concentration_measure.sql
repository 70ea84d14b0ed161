with curve as (select * from {{ ref('rpt_whale_curve') }}),
periods as (select * from {{ ref('int_profit_period_find') }}),

making_money as (
    select * from curve
    where profit_amount > 0
),

-- an account's profit beside that of the period before
account_pairs as (
    select
        curve.period_code,
        curve.profit_amount,
        earlier.profit_amount as prior_profit_amount
    from curve
    inner join periods on curve.period_code = periods.period_code
    inner join curve as earlier
        on
            periods.prior_period_code = earlier.period_code
            and curve.account_id = earlier.account_id
    where curve.is_complete and earlier.is_complete
),

revenue as (
    {{ concentration('curve', ['period_code'], 'revenue_amount') }}
),

profit as (
    {{ concentration('curve', ['period_code'], 'profit_amount') }}
),

positive_profit as (
    {{ concentration('making_money', ['period_code'], 'profit_amount') }}
),

correlation as (
    {{ rank_correlation('curve', ['period_code'], 'revenue_amount', 'profit_amount') }}
),

persistence as (
    {{ rank_correlation(
        'account_pairs', ['period_code'], 'profit_amount', 'prior_profit_amount'
    ) }}
),

final as (
    select
        revenue.period_code,
        revenue.accounts_count,
        revenue.total_amount as total_revenue_amount,
        profit.total_amount as total_profit_amount,
        revenue.top_20_share as top_20_revenue_share,
        revenue.top_4_share as top_4_revenue_share,
        profit.top_20_share as top_20_profit_share,
        revenue.gini as gini_revenue,
        positive_profit.gini as gini_positive_profit,
        correlation.rank_correlation as revenue_profit_rank_correlation,
        correlation.ci_low as rank_correlation_ci_low,
        correlation.ci_high as rank_correlation_ci_high,
        persistence.pairs_count as persistence_accounts_count,
        persistence.rank_correlation as profit_persistence,
        persistence.ci_low as profit_persistence_ci_low,
        persistence.ci_high as profit_persistence_ci_high
    from revenue
    inner join profit on revenue.period_code = profit.period_code
    inner join correlation on revenue.period_code = correlation.period_code
    left join positive_profit on revenue.period_code = positive_profit.period_code
    left join persistence on revenue.period_code = persistence.period_code
)

select * from final
