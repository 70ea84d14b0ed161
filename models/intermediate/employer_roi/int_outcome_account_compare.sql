-- one row per account and outcome: what stands beside the adjusted difference, of all strata
with supply as (select * from {{ ref('int_outcome_supply_resolve') }}),
estimates as (select * from {{ ref('int_outcome_estimate') }}),
controls as (select * from {{ ref('int_outcome_control_test') }}),
naive as (select * from {{ ref('int_outcome_naive_compare') }}),

-- of each there is one
variants as (
    select
        account_id,
        outcome_code,
        max(case when variant_code = 'per_protocol' then difference end) as protocol_difference,
        max(case when variant_code = 'per_protocol' then ci_low end) as protocol_ci_low,
        max(case when variant_code = 'per_protocol' then ci_high end) as protocol_ci_high,
        max(case when variant_code = 'prior' then difference end) as prior_difference,
        max(case when variant_code = 'prior' then treated_mean end) as treated_before,
        max(case when variant_code = 'after' then treated_mean end) as treated_after,
        max(case when variant_code = 'prior' then comparison_mean end) as comparison_before,
        max(case when variant_code = 'after' then comparison_mean end) as comparison_after
    from estimates
    where stratum = 'all'
    group by account_id, outcome_code
),

tested as (
    select
        account_id,
        max(case when control_code = 'promoted_before' then difference end) as promoted_difference,
        max(case when control_code = 'promoted_before' then ci_low end) as promoted_ci_low,
        max(case when control_code = 'promoted_before' then ci_high end) as promoted_ci_high,
        max(case when control_code = 'moved_before' then difference end) as moved_difference,
        max(case when control_code = 'moved_before' then ci_low end) as moved_ci_low,
        max(case when control_code = 'moved_before' then ci_high end) as moved_ci_high
    from controls
    group by account_id
),

final as (
    select
        supply.account_id,
        supply.outcome_code,
        'all' as stratum,
        supply.is_reason_supplied,
        case when supply.is_supplied then supply.not_in_trial_count end as not_in_trial_count,
        case when supply.is_supplied then naive.naive_difference end as naive_difference,
        variants.protocol_difference,
        variants.protocol_ci_low,
        variants.protocol_ci_high,
        variants.prior_difference,
        {{ difference_in_differences(
            'variants.treated_before', 'variants.treated_after',
            'variants.comparison_before', 'variants.comparison_after'
        ) }} as difference_in_differences,
        tested.promoted_difference as negative_control_difference,
        tested.promoted_ci_low as negative_control_ci_low,
        tested.promoted_ci_high as negative_control_ci_high,
        tested.moved_difference as second_control_difference,
        tested.moved_ci_low as second_control_ci_low,
        tested.moved_ci_high as second_control_ci_high
    from supply
    left join naive
        on supply.account_id = naive.account_id and supply.outcome_code = naive.outcome_code
    left join variants
        on supply.account_id = variants.account_id and supply.outcome_code = variants.outcome_code
    left join tested on supply.account_id = tested.account_id
)

select * from final
