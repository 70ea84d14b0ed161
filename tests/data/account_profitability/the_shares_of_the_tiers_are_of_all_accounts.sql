-- What: in rpt_tier_shares the tiers of a quarter hold every account once; their shares sum to 1.
-- When it matters: else resources and profit are compared over different accounts.
-- How to resolve: look for a tier that is not among the codes in rpt_tier_shares.
with shares as (
    select
        quarter_start,
        sum(accounts_count) as accounts_count,
        sum(revenue_share) as revenue_share,
        sum(cost_to_serve_share) as cost_to_serve_share,
        sum(net_profit_share) as net_profit_share
    from {{ ref('rpt_tier_shares') }}
    group by quarter_start
),

tiers as (
    select
        quarter_start,
        count(*) as accounts_count
    from {{ ref('rpt_account_tiers') }}
    group by quarter_start
)

select
    tiers.quarter_start,
    tiers.accounts_count,
    shares.accounts_count as accounts_in_shares_count,
    shares.revenue_share,
    shares.cost_to_serve_share,
    shares.net_profit_share
from tiers
left join shares on tiers.quarter_start = shares.quarter_start
where
    tiers.accounts_count <> coalesce(shares.accounts_count, 0)
    or abs(coalesce(shares.revenue_share, 1) - 1) > 1e-9
    or abs(coalesce(shares.cost_to_serve_share, 1) - 1) > 1e-9
    or abs(coalesce(shares.net_profit_share, 1) - 1) > 1e-9
