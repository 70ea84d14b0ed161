-- one row per published retention of revenue, computed from its amounts
with reference_retention as (select * from {{ ref('reference_retention') }}),

final as (
    select
        concat(study_code, '_gross_retention') as case_code,
        {{ gross_retention('opening_amount', 'contraction_amount', 'churn_amount') }} as computed
    from reference_retention
    union all
    select
        concat(study_code, '_net_retention') as case_code,
        {{ net_retention(
            'opening_amount', 'expansion_amount', 'contraction_amount', 'churn_amount'
        ) }} as computed
    from reference_retention
)

select * from final
