with cases as (select * from {{ ref('validation_cases') }}),

computed_numbers as (
    select * from {{ ref('int_validation_survival_compute') }}
    union all
    select * from {{ ref('int_validation_interval_compute') }}
    union all
    select * from {{ ref('int_validation_standardization_compute') }}
    union all
    select * from {{ ref('int_validation_discovery_compute') }}
    union all
    select * from {{ ref('int_validation_score_compute') }}
    union all
    select * from {{ ref('int_validation_costing_compute') }}
    union all
    select * from {{ ref('int_validation_outcome_compute') }}
    union all
    select * from {{ ref('int_validation_return_compute') }}
    union all
    select * from {{ ref('int_validation_retention_compute') }}
    union all
    select * from {{ ref('int_validation_suppression_compute') }}
),

final as (
    select
        cases.case_code,
        cases.title,
        cases.source,
        cases.expected,
        computed_numbers.computed,
        cases.tolerance,
        coalesce(abs(computed_numbers.computed - cases.expected) <= cases.tolerance, false)
            as is_passed
    from cases
    left join computed_numbers on cases.case_code = computed_numbers.case_code
)

select * from final
