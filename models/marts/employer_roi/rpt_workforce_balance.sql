with categories as (select * from {{ ref('int_outcome_category_balance') }}),
numbers as (select * from {{ ref('int_outcome_number_balance') }}),
covariates as (select * from {{ ref('strata_covariates') }}),
bands as (select * from {{ ref('strata_bands') }}),

-- numbers and the control that the strata leave out stand after the covariates
described as (
    select
        categories.*,
        coalesce(covariates.covariate_order, 9) as covariate_order,
        coalesce(covariates.is_used, false) as is_matched_on,
        coalesce(not covariates.is_used and covariates.covariate_code = 'moved_before', true)
            as is_control,
        coalesce(bands.band_order, 0) as band_order
    from categories
    left join covariates on categories.covariate_code = covariates.covariate_code
    left join bands
        on
            categories.covariate_code = bands.covariate_code
            and categories.category_code = bands.band_code
    where categories.stratum = 'all'
    union all
    select
        account_id,
        stratum,
        covariate_code,
        'mean' as category_code,
        treated_value,
        comparison_before,
        treated_matched_value,
        comparison_after,
        difference_before,
        difference_after,
        case covariate_code
            when 'tenure_months' then 10
            when 'base_pay_annual' then 11
            else 12
        end as covariate_order,
        false as is_matched_on,
        false as is_control,
        0 as band_order
    from numbers
    where stratum = 'all'
),

final as (
    select
        {{ surrogate_key(['account_id', 'covariate_code', 'category_code']) }}
            as workforce_balance_key,
        account_id,
        covariate_code,
        category_code,
        covariate_order,
        cast(dense_rank() over (
            partition by covariate_code
            order by
                case when category_code = 'unknown' then 1 else 0 end,
                band_order,
                case when covariate_code = 'job_level' then length(category_code) else 0 end,
                category_code
        ) as int) as category_order,
        treated_value,
        comparison_before,
        treated_matched_value,
        comparison_after,
        difference_before,
        difference_after,
        is_matched_on,
        is_control
    from described
)

select * from final
