-- one row per bound of a published interval, computed from its published counts
with reference_rates as (select * from {{ ref('reference_rates') }}),
reference_differences as (select * from {{ ref('reference_differences') }}),

final as (
    select
        concat('wilson_', rate_code, '_low') as case_code,
        {{ wilson_low('numerator_count', 'denominator_count') }} as computed
    from reference_rates
    union all
    select
        concat('wilson_', rate_code, '_high') as case_code,
        {{ wilson_high('numerator_count', 'denominator_count') }} as computed
    from reference_rates
    union all
    select
        concat('newcombe_', difference_code, '_low') as case_code,
        {{ newcombe_low('n1', 'd1', 'n2', 'd2') }} as computed
    from reference_differences
    union all
    select
        concat('newcombe_', difference_code, '_high') as case_code,
        {{ newcombe_high('n1', 'd1', 'n2', 'd2') }} as computed
    from reference_differences
)

select * from final
