with periods as (select * from {{ ref('int_profit_period_find') }}),
account_sums as (select * from {{ ref('int_account_period_sum') }}),

ranked_accounts as (
    select
        *,
        row_number() over (
            partition by period_code order by revenue_amount desc, account_id asc
        ) as revenue_rank,
        count(*) over (partition by period_code) as ranked_count
    from account_sums
    where is_ranked
),

established_accounts as (
    select * from ranked_accounts
    where not is_new_account
),

other_than_largest as (
    select * from ranked_accounts
    where revenue_rank > 1
),

curve as (
    {{ whale_curve('ranked_accounts', ['period_code'], 'account_id', 'profit_amount') }}
),

established as (
    {{ whale_curve('established_accounts', ['period_code'], 'account_id', 'profit_amount') }}
),

without_largest as (
    {{ whale_curve('other_than_largest', ['period_code'], 'account_id', 'profit_amount') }}
),

final as (
    select
        {{ surrogate_key(['curve.period_code', 'curve.account_id']) }} as whale_curve_key,
        curve.period_code,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        periods.is_complete,
        curve.account_id,
        ranked_accounts.is_new_account,
        ranked_accounts.revenue_rank = 1 as is_largest_account,
        -- among the first tenth by revenue, rounded up; and likewise fifths by profit
        (ranked_accounts.revenue_rank - 1) * 10 < ranked_accounts.ranked_count as is_large_account,
        case
            when (curve.profit_rank - 1) * 5 < curve.accounts_count then 'top'
            when (curve.accounts_count - curve.profit_rank) * 5 < curve.accounts_count
                then 'bottom'
            else 'middle'
        end as profit_fifth,
        curve.profit_rank,
        cast(ranked_accounts.revenue_rank as bigint) as revenue_rank,
        curve.accounts_count,
        curve.account_share,
        ranked_accounts.revenue_amount,
        ranked_accounts.gross_profit_amount,
        ranked_accounts.cost_to_serve_amount,
        curve.profit_amount,
        case
            when ranked_accounts.revenue_amount > 0
                then {{ rate('curve.profit_amount', 'ranked_accounts.revenue_amount') }}
        end as profit_margin,
        curve.cumulative_profit_amount,
        curve.cumulative_profit_share,
        established.account_share as established_account_share,
        established.cumulative_profit_amount as cumulative_established_amount,
        established.cumulative_profit_share as cumulative_established_share,
        without_largest.account_share as without_largest_account_share,
        without_largest.cumulative_profit_amount as cumulative_without_largest_amount,
        without_largest.cumulative_profit_share as cumulative_without_largest_share,
        ranked_accounts.currency
    from curve
    inner join periods on curve.period_code = periods.period_code
    inner join ranked_accounts
        on
            curve.period_code = ranked_accounts.period_code
            and curve.account_id = ranked_accounts.account_id
    left join established
        on
            curve.period_code = established.period_code
            and curve.account_id = established.account_id
    left join without_largest
        on
            curve.period_code = without_largest.period_code
            and curve.account_id = without_largest.account_id
)

select * from final
