-- one row per account, stratum, covariate and category: its share in both arms ('all' pools)
{% set over = 'over (partition by account_code, stratum_code, covariate_code)' %}
with trials as (select * from {{ ref('int_trial_observe') }}),
covariates as (select * from {{ ref('strata_covariates') }}),

-- few rows from many: alike in stratum, arm and every category
grouped as (
    select
        account_id,
        stratum,
        arm,
        job_level,
        pay_type,
        employment_type,
        tenure_band,
        pay_band,
        department_group,
        is_promoted_before,
        is_moved_before,
        cast(count(*) as bigint) as rows_count,
        coalesce({{ exact_sum('trial_weight') }}, 0) as weight_sum,
        coalesce({{ exact_sum('control_weight') }}, 0) as control_weight_sum
    from trials
    where is_in_evaluation
    group by
        account_id,
        stratum,
        arm,
        job_level,
        pay_type,
        employment_type,
        tenure_band,
        pay_band,
        department_group,
        is_promoted_before,
        is_moved_before
),

-- a promotion before is a control as well: among those who are alike but for it
asked as (
    select
        covariate_code,
        false as is_left_out
    from covariates
    union all
    select
        'promoted_before_left_out' as covariate_code,
        true as is_left_out
),

categories as (
    select
        grouped.account_id,
        grouped.stratum,
        grouped.arm,
        asked.covariate_code,
        coalesce(
            case asked.covariate_code
                when 'job_level' then cast(grouped.job_level as {{ dbt.type_string() }})
                when 'pay_type' then grouped.pay_type
                when 'employment_type' then grouped.employment_type
                when 'tenure' then grouped.tenure_band
                when 'pay' then grouped.pay_band
                when 'department_group' then grouped.department_group
                when 'moved_before' then {{ yes_or_no('grouped.is_moved_before') }}
                else {{ yes_or_no('grouped.is_promoted_before') }}
            end,
            'unknown'
        ) as category_code,
        grouped.rows_count,
        case
            when asked.is_left_out then grouped.control_weight_sum else grouped.weight_sum
        end as weight_sum
    from grouped
    cross join asked
),

summed as (
    select
        {{ all_or('account_id') }} as account_code,
        {{ all_or('stratum') }} as stratum_code,
        covariate_code,
        category_code,
        cast(sum(case when arm = 'treated' then rows_count else 0 end) as bigint)
            as treated_count,
        cast(sum(case when arm = 'comparison' then rows_count else 0 end) as bigint)
            as comparison_count,
        {{ exact_sum("case when arm = 'treated' then weight_sum else 0 end") }}
            as treated_weight,
        {{ exact_sum("case when arm = 'comparison' then weight_sum else 0 end") }}
            as comparison_weight
    from categories
    group by cube(account_id, stratum), covariate_code, category_code
),

totals as (
    select
        *,
        sum(treated_count) {{ over }} as all_treated_count,
        sum(comparison_count) {{ over }} as all_comparison_count,
        {{ exact_sum('treated_weight', over) }} as all_treated_weight,
        {{ exact_sum('comparison_weight', over) }} as all_comparison_weight
    from summed
),

shared as (
    select
        account_code as account_id,
        stratum_code as stratum,
        covariate_code,
        category_code,
        {{ rate('treated_count', 'all_treated_count') }} as treated_share,
        {{ rate('comparison_count', 'all_comparison_count') }} as comparison_share,
        {{ rate('treated_weight', 'all_treated_weight') }} as treated_after,
        {{ rate('comparison_weight', 'all_comparison_weight') }} as comparison_after
    from totals
),

final as (
    select
        account_id,
        stratum,
        covariate_code,
        category_code,
        treated_share as treated_value,
        comparison_share as comparison_before,
        treated_after as treated_matched_value,
        comparison_after,
        {{ standardized_difference(
            'treated_share', 'comparison_share',
            'treated_share * (1 - treated_share)', 'comparison_share * (1 - comparison_share)'
        ) }} as difference_before,
        {{ standardized_difference(
            'treated_after', 'comparison_after',
            'treated_after * (1 - treated_after)', 'comparison_after * (1 - comparison_after)'
        ) }} as difference_after
    from shared
)

select * from final
