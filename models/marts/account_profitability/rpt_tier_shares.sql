with tiers as (select * from {{ ref('rpt_account_tiers') }}),

codes as (
    select '1' as tier
    union all
    select '2' as tier
    union all
    select '3' as tier
    union all
    select 'unrated' as tier
),

quarters as (
    select quarter_start
    from tiers
    group by quarter_start
),

-- the three shares are of the same accounts: those whose net profit is known
counted as (
    select
        quarters.quarter_start,
        codes.tier,
        cast(count(tiers.account_id) as bigint) as accounts_count,
        cast(sum(case when tiers.has_profit then 1 else 0 end) as bigint) as known_count,
        sum(case when tiers.has_profit then tiers.revenue_amount else 0 end) as revenue,
        sum(case when tiers.has_profit then tiers.cost_to_serve_amount else 0 end)
            as cost_to_serve,
        sum(case when tiers.has_profit then tiers.net_profit_amount else 0 end) as net_profit
    from quarters
    cross join codes
    left join tiers
        on
            quarters.quarter_start = tiers.quarter_start
            and codes.tier = coalesce(cast(tiers.tier as {{ dbt.type_string() }}), 'unrated')
    group by quarters.quarter_start, codes.tier
),

-- a tier without an account has nothing; of one with none but unknown ones, nobody knows
summed as (
    select
        quarter_start,
        tier,
        accounts_count,
        known_count,
        case
            when known_count > 0 or accounts_count = 0 then cast(revenue as decimal(18, 2))
        end as revenue_amount,
        case
            when known_count > 0 or accounts_count = 0 then cast(cost_to_serve as decimal(18, 2))
        end as cost_to_serve_amount,
        case
            when known_count > 0 or accounts_count = 0 then cast(net_profit as decimal(18, 2))
        end as net_profit_amount
    from counted
),

totals as (
    select
        quarter_start,
        cast(sum(revenue_amount) as double) as total_revenue,
        cast(sum(cost_to_serve_amount) as double) as total_cost,
        cast(sum(net_profit_amount) as double) as total_profit
    from summed
    group by quarter_start
),

final as (
    select
        {{ surrogate_key(['summed.quarter_start', 'summed.tier']) }} as tier_share_key,
        summed.quarter_start,
        summed.tier,
        summed.accounts_count,
        summed.known_count,
        summed.revenue_amount,
        summed.cost_to_serve_amount,
        summed.net_profit_amount,
        case
            when totals.total_revenue > 0
                then cast(summed.revenue_amount as double) / totals.total_revenue
        end as revenue_share,
        case
            when totals.total_cost > 0
                then cast(summed.cost_to_serve_amount as double) / totals.total_cost
        end as cost_to_serve_share,
        case
            when totals.total_profit > 0
                then cast(summed.net_profit_amount as double) / totals.total_profit
        end as net_profit_share,
        '{{ var("reporting_currency") }}' as currency
    from summed
    inner join totals on summed.quarter_start = totals.quarter_start
)

select * from final
