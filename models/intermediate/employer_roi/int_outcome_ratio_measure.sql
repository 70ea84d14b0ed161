-- one row per account, outcome and stratum with a difference: the same as a ratio, with its ends
with judged as (select * from {{ ref('int_outcome_judge') }}),
counts as (select * from {{ ref('int_outcome_count') }}),

-- the ends hold the rate of the colleagues as it is: the interval is that of the difference
ended as (
    select
        judged.account_id,
        judged.outcome_code,
        judged.stratum,
        judged.is_binary,
        judged.comparison_mean,
        judged.treated_mean,
        judged.comparison_mean + judged.ci_low as low_mean,
        judged.comparison_mean + judged.ci_high as high_mean,
        {{ weighted_variance(
            'counts.treated_count', 'counts.treated_count', 'counts.treated_sum',
            'counts.treated_square_sum'
        ) }} as treated_variance,
        {{ weighted_variance(
            'counts.comparison_count', 'counts.comparison_count', 'counts.comparison_sum',
            'counts.comparison_square_sum'
        ) }} as comparison_variance
    from judged
    inner join counts
        on
            judged.account_id = counts.account_id
            and judged.outcome_code = counts.outcome_code
            and judged.stratum = counts.stratum
    where judged.is_estimable
),

standardized as (
    select
        *,
        {{ standardized_difference(
            'treated_mean', 'comparison_mean', 'treated_variance', 'comparison_variance'
        ) }} as treated_distance,
        {{ standardized_difference(
            'low_mean', 'comparison_mean', 'treated_variance', 'comparison_variance'
        ) }} as low_distance,
        {{ standardized_difference(
            'high_mean', 'comparison_mean', 'treated_variance', 'comparison_variance'
        ) }} as high_distance
    from ended
),

ratios as (
    select
        account_id,
        outcome_code,
        stratum,
        case
            when is_binary then {{ rarer_ratio('treated_mean', 'comparison_mean') }}
            else {{ ratio_of_means('treated_distance') }}
        end as treated_ratio,
        case
            when is_binary then {{ rarer_ratio('low_mean', 'comparison_mean') }}
            else {{ ratio_of_means('low_distance') }}
        end as low_ratio,
        case
            when is_binary then {{ rarer_ratio('high_mean', 'comparison_mean') }}
            else {{ ratio_of_means('high_distance') }}
        end as high_ratio
    from standardized
),

-- of a common outcome the ratio is that of the rarer side, so the lower end is the higher ratio
ordered as (
    select
        account_id,
        outcome_code,
        stratum,
        treated_ratio as effect_ratio,
        least(low_ratio, high_ratio) as ratio_low,
        greatest(low_ratio, high_ratio) as ratio_high
    from ratios
),

final as (
    select
        account_id,
        outcome_code,
        stratum,
        effect_ratio,
        {{ e_value('effect_ratio') }} as e_value,
        {{ e_value_limit('ratio_low', 'ratio_high') }} as e_value_limit
    from ordered
)

select * from final
