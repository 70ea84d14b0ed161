-- one row per published crude, stratum's and standardized rate, computed from its published counts
with reference_strata as (select * from {{ ref('reference_strata') }}),
reference_weights as (select * from {{ ref('reference_weights') }}),

standardized as (
    {{ direct_standardization(
        'reference_strata', ['study_code', 'group_code'], 'stratum_code', 'numerator_count',
        'denominator_count', 'reference_weights', 'weight', within=['study_code']
    ) }}
),

final as (
    select
        concat(study_code, '_', group_code, '_', stratum_code, '_rate') as case_code,
        {{ rate('numerator_count', 'denominator_count') }} as computed
    from reference_strata
    union all
    select
        concat(study_code, '_', group_code, '_crude') as case_code,
        {{ rate('sum(numerator_count)', 'sum(denominator_count)') }} as computed
    from reference_strata
    group by study_code, group_code
    union all
    select
        concat(study_code, '_', group_code, '_standardized') as case_code,
        standardized_rate as computed
    from standardized
)

select * from final
