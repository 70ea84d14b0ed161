-- What: in rpt_tier_migration, all but `new` are the accounts of the quarter before, and all but
--   `left` are those of the quarter, by tier.
-- When it matters: else somebody moved twice, or not at all.
-- How to resolve: look for accounts that are twice in int_tier_year_sum, or are there in a
--   quarter and not in rpt_account_tiers.
with counted as (
    select
        quarter_start,
        coalesce(cast(tier as {{ dbt.type_string() }}), 'unrated') as tier_code,
        count(*) as accounts_count
    from {{ ref('rpt_account_tiers') }}
    group by quarter_start, coalesce(cast(tier as {{ dbt.type_string() }}), 'unrated')
),

quarters as (
    select
        quarter_start,
        lag(quarter_start) over (order by quarter_start) as quarter_before
    from counted
    group by quarter_start
),

differences as (
    select
        quarter_start,
        tier_code,
        'to' as side,
        accounts_count
    from counted
    union all
    select
        quarter_start,
        to_tier as tier_code,
        'to' as side,
        -accounts_count as accounts_count
    from {{ ref('rpt_tier_migration') }}
    where to_tier <> 'left'
    union all
    select
        quarters.quarter_start,
        counted.tier_code,
        'from' as side,
        counted.accounts_count
    from quarters
    inner join counted
        on
            quarters.quarter_before = counted.quarter_start
            and cast(counted.quarter_start + interval 3 month as date) = quarters.quarter_start
    union all
    select
        quarter_start,
        from_tier as tier_code,
        'from' as side,
        -accounts_count as accounts_count
    from {{ ref('rpt_tier_migration') }}
    where from_tier <> 'new'
)

select
    quarter_start,
    tier_code,
    side,
    sum(accounts_count) as difference_count
from differences
group by quarter_start, tier_code, side
having sum(accounts_count) <> 0
