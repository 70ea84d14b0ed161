-- one row per published q-value, and one for their discoveries, computed from published p-values
with reference_p_values as (select * from {{ ref('reference_p_values') }}),

adjusted as (
    {{ benjamini_hochberg('reference_p_values') }}
),

final as (
    select
        concat('thrombolysis_hypothesis_', hypothesis_no, '_q_value') as case_code,
        q_value as computed
    from adjusted
    union all
    select
        'thrombolysis_discoveries' as case_code,
        cast(count(*) as double) as computed
    from adjusted
    where q_value <= 0.05
)

select * from final
