-- one row per account, outcome, covariate and category: the weighted difference ('all' pools)
with sums as (select * from {{ ref('int_outcome_worker_sum') }}),
strata as (select * from {{ ref('int_outcome_stratum_describe') }}),

pools as (
    select true as is_all
    union all
    select false as is_all
),

-- a worker is a cluster within the own account, wherever it is counted
counted as (
    select
        case when pools.is_all then 'all' else sums.account_id end as group_account_id,
        sums.outcome_code,
        strata.covariate_code,
        strata.category_code,
        sums.arm,
        sums.account_id,
        sums.worker_id,
        sums.rows_count,
        sums.weight_sum,
        sums.outcome_sum
    from sums
    inner join strata on sums.stratum = strata.stratum
    cross join pools
    where sums.variant_code = 'adjusted'
),

estimated as (
    {{ weighted_difference_of_sums(
        'counted',
        ['group_account_id', 'outcome_code', 'covariate_code', 'category_code'],
        'arm',
        ['account_id', 'worker_id']
    ) }}
),

final as (
    select
        group_account_id as account_id,
        outcome_code,
        covariate_code,
        category_code,
        treated_count,
        comparison_count,
        comparison_cluster_count,
        treated_mean,
        comparison_mean,
        difference,
        standard_error,
        ci_low,
        ci_high
    from estimated
)

select * from final
