-- one row per account ('all' too): its period, its people and its cost
with pools as (select * from {{ ref('int_roi_pool_expand') }}),
accounts as (select * from {{ ref('int_roi_account_supply') }}),
costs as (select * from {{ ref('int_roi_cost_sum') }}),

account_codes as (
    select account_code
    from pools
    group by account_code
    union
    select 'all' as account_code
),

pooled as (
    select
        pools.account_code,
        min(accounts.period_start) as period_start,
        max(accounts.period_end) as period_end,
        cast(count(*) as bigint) as accounts_count,
        cast(sum(accounts.participants_count) as bigint) as participants_count,
        cast(sum(accounts.pay_known_count) as bigint) as pay_known_count,
        cast(sum(accounts.unlinked_count) as bigint) as unlinked_count,
        cast(sum(accounts.months_count) as bigint) as months_count,
        cast(sum(accounts.months_without_cost_count) as bigint) as months_without_cost_count,
        min(accounts.cost_reason) as cost_reason,
        min(accounts.value_reason) as value_reason,
        bool_or(accounts.has_earlier_cost) as has_earlier_cost,
        bool_and(accounts.is_cost_known) as is_cost_known
    from pools
    inner join accounts on pools.account_id = accounts.account_id
    group by pools.account_code
),

evaluated as (
    select cast(count_if(participants_count > 0) as bigint) as accounts_count
    from accounts
),

spent as (
    select
        pools.account_code,
        {{ known_sum('case when costs.is_hidden then costs.amount else 0 end') }}
            as hidden_amount,
        {{ known_sum('case when costs.is_hidden then 0 else costs.amount end') }}
            as visible_amount
    from pools
    inner join costs on pools.account_id = costs.account_id
    group by pools.account_code
)

select
    account_codes.account_code,
    pooled.period_start,
    pooled.period_end,
    coalesce(pooled.accounts_count, 0) as accounts_count,
    case
        when account_codes.account_code = 'all'
            then evaluated.accounts_count - coalesce(pooled.accounts_count, 0)
        else cast(0 as bigint)
    end as left_out_accounts_count,
    pooled.participants_count,
    pooled.pay_known_count,
    pooled.unlinked_count,
    pooled.months_count,
    pooled.months_without_cost_count,
    pooled.has_earlier_cost,
    case
        when account_codes.account_code = 'all' and pooled.account_code is null
            then 'of no account are participants, cost and values known'
        else pooled.cost_reason
    end as cost_reason,
    pooled.value_reason,
    spent.visible_amount as visible_cost_amount,
    case when pooled.is_cost_known then spent.hidden_amount end as hidden_cost_amount,
    case
        when pooled.is_cost_known
            then cast(spent.hidden_amount + spent.visible_amount as decimal(18, 2))
    end as cost_amount
from account_codes
cross join evaluated
left join pooled on account_codes.account_code = pooled.account_code
left join spent on account_codes.account_code = spent.account_code
