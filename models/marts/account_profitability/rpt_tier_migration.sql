with accounts as (select * from {{ ref('int_tier_year_sum') }}),
tiers as (select * from {{ ref('rpt_account_tiers') }}),

tiered as (
    select
        accounts.*,
        case
            when accounts.is_present
                then coalesce(cast(tiers.tier as {{ dbt.type_string() }}), 'unrated')
        end as tier_code,
        tiers.is_override,
        tiers.changed_by_profit
    from accounts
    left join tiers
        on
            accounts.account_id = tiers.account_id
            and accounts.quarter_start = tiers.quarter_start
),

moves as (
    select
        tiered.quarter_start,
        coalesce(earlier.tier_code, 'new') as from_tier,
        coalesce(tiered.tier_code, 'left') as to_tier,
        tiered.is_override,
        tiered.changed_by_profit,
        tiered.is_year_after_over,
        tiered.net_profit_amount,
        tiered.next_net_profit_amount
    from tiered
    left join tiered as earlier
        on
            tiered.account_id = earlier.account_id
            and tiered.quarter_no - 1 = earlier.quarter_no
    -- who was not there before and is not now has not moved
    where tiered.tier_code is not null or earlier.tier_code is not null
),

final as (
    select
        {{ surrogate_key(['quarter_start', 'from_tier', 'to_tier']) }} as tier_migration_key,
        quarter_start,
        from_tier,
        to_tier,
        cast(count(*) as bigint) as accounts_count,
        cast(sum(case when is_override then 1 else 0 end) as bigint) as override_count,
        cast(sum(case when changed_by_profit then 1 else 0 end) as bigint)
            as changed_by_profit_count,
        cast(count(net_profit_amount) as bigint) as known_before_count,
        cast(sum(net_profit_amount) as decimal(18, 2)) as net_profit_before_amount,
        bool_and(is_year_after_over) as is_year_after_over,
        cast(count(next_net_profit_amount) as bigint) as known_after_count,
        cast(sum(next_net_profit_amount) as decimal(18, 2)) as net_profit_after_amount,
        '{{ var("reporting_currency") }}' as currency
    from moves
    group by quarter_start, from_tier, to_tier
)

select * from final
