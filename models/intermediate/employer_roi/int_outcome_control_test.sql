-- one row per account and negative control: does what enrolling cannot have caused differ too?
with estimates as (select * from {{ ref('int_outcome_estimate') }}),
covariates as (select * from {{ ref('strata_covariates') }}),

controls as (
    select
        account_id,
        case when variant_code = 'control' then 'promoted_before' else 'moved_before' end
            as control_code,
        difference,
        ci_low,
        ci_high
    from estimates
    where
        stratum = 'all'
        and (
            variant_code = 'control'
            or (variant_code = 'prior' and outcome_code = 'moved_12m')
        )
),

-- what is matched on is alike by construction, so it cannot fail
final as (
    select
        controls.account_id,
        controls.control_code,
        controls.difference,
        controls.ci_low,
        controls.ci_high,
        covariates.is_used as is_matched_on,
        covariates.is_used or coalesce(
            controls.ci_low <= 0 and controls.ci_high >= 0, controls.difference = 0
        ) as is_clear
    from controls
    inner join covariates on controls.control_code = covariates.covariate_code
)

select * from final
