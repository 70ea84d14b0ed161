-- one row per account, outcome, stratum and variant: the weighted difference ('all' pools)
with sums as (select * from {{ ref('int_outcome_worker_sum') }}),

pools as (
    select true as is_all
    union all
    select false as is_all
),

scopes as (
    select
        account_pools.is_all as is_all_accounts,
        stratum_pools.is_all as is_all_strata
    from pools as account_pools
    cross join pools as stratum_pools
),

-- a worker is a cluster within the own account, wherever it is counted
counted as (
    select
        case when scopes.is_all_accounts then 'all' else sums.account_id end as group_account_id,
        case when scopes.is_all_strata then 'all' else sums.stratum end as group_stratum,
        sums.outcome_code,
        sums.variant_code,
        sums.arm,
        sums.account_id,
        sums.worker_id,
        sums.rows_count,
        sums.weight_sum,
        sums.outcome_sum
    from sums
    cross join scopes
    where scopes.is_all_strata or sums.variant_code = 'adjusted'
),

estimated as (
    {{ weighted_difference_of_sums(
        'counted',
        ['group_account_id', 'outcome_code', 'group_stratum', 'variant_code'],
        'arm',
        ['account_id', 'worker_id']
    ) }}
),

final as (
    select
        group_account_id as account_id,
        outcome_code,
        group_stratum as stratum,
        variant_code,
        treated_count,
        comparison_count,
        treated_cluster_count,
        comparison_cluster_count,
        treated_mean,
        comparison_mean,
        difference,
        standard_error,
        ci_low,
        ci_high,
        p_value
    from estimated
)

select * from final
