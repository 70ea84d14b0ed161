-- one row per published number of comparisons of two groups, computed from its input
with reference_strata as (select * from {{ ref('reference_strata') }}),
reference_changes as (select * from {{ ref('reference_changes') }}),
reference_ratios as (select * from {{ ref('reference_ratios') }}),
reference_samples as (select * from {{ ref('reference_samples') }}),

-- the patients of open surgery are those treated: the others stand for them, stratum by stratum
arms as (
    select
        study_code,
        stratum_code,
        case group_code when 'open_surgery' then 'treated' else 'comparison' end as arm,
        numerator_count,
        denominator_count,
        case
            when group_code = 'open_surgery' then cast(1 as double)
            else
                cast(sum(
                    case when group_code = 'open_surgery' then denominator_count end
                ) over (partition by study_code, stratum_code) as double)
                / denominator_count
        end as matched_weight
    from reference_strata
    where study_code = 'kidney_stones'
),

compared as (
    select
        concat(study_code, '_crude') as case_stem,
        stratum_code,
        arm,
        denominator_count as rows_count,
        cast(denominator_count as double) as weight_sum,
        cast(numerator_count as double) as outcome_sum
    from arms
    union all
    select
        concat(study_code, '_matched') as case_stem,
        stratum_code,
        arm,
        denominator_count as rows_count,
        denominator_count * matched_weight as weight_sum,
        numerator_count * matched_weight as outcome_sum
    from arms
),

differences as (
    {{ weighted_difference_of_sums('compared', ['case_stem'], 'arm', ['stratum_code']) }}
),

pooled as (
    select
        *,
        cast(sum(numerator_count) over (partition by study_code) as double)
        / sum(denominator_count) over (partition by study_code) as pooled_rate
    from reference_samples
),

-- Pearson's chi-square of equal rates
chi_squares as (
    select
        study_code,
        sum(
            power(numerator_count - denominator_count * pooled_rate, 2)
            / (denominator_count * pooled_rate * (1 - pooled_rate))
        ) as chi_square,
        cast(count(*) - 1 as int) as degrees
    from pooled
    group by study_code
),

final as (
    select
        concat(case_stem, '_difference') as case_code,
        difference as computed
    from differences
    union all
    select
        concat(study_code, '_difference_in_differences') as case_code,
        {{ difference_in_differences(
            'first_before', 'first_after', 'second_before', 'second_after'
        ) }} as computed
    from reference_changes
    union all
    select
        concat(study_code, '_e_value') as case_code,
        {{ e_value('ratio') }} as computed
    from reference_ratios
    union all
    select
        concat(study_code, '_e_value_limit') as case_code,
        {{ e_value_limit('ratio_low', 'ratio_high') }} as computed
    from reference_ratios
    union all
    select
        concat(study_code, '_chi_square_p') as case_code,
        {{ chi_square_p('chi_square', 'degrees') }} as computed
    from chi_squares
)

select * from final
