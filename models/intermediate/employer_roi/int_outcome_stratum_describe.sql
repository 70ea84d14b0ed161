-- one row per stratum and covariate that it is exact on: the category of all in it
with trials as (select * from {{ ref('int_trial_observe') }}),
covariates as (select * from {{ ref('strata_covariates') }}),

-- alike within the stratum: the largest is the only one
strata as (
    select
        stratum,
        max(cast(job_level as {{ dbt.type_string() }})) as job_level,
        max(pay_type) as pay_type,
        max(employment_type) as employment_type,
        max(tenure_band) as tenure_band,
        max(pay_band) as pay_band,
        max(department_group) as department_group,
        max({{ yes_or_no('is_promoted_before') }}) as promoted_before,
        max({{ yes_or_no('is_moved_before') }}) as moved_before
    from trials
    where is_in_evaluation
    group by stratum
),

final as (
    select
        strata.stratum,
        covariates.covariate_code,
        coalesce(
            case covariates.covariate_code
                when 'job_level' then strata.job_level
                when 'pay_type' then strata.pay_type
                when 'employment_type' then strata.employment_type
                when 'tenure' then strata.tenure_band
                when 'pay' then strata.pay_band
                when 'department_group' then strata.department_group
                when 'promoted_before' then strata.promoted_before
                else strata.moved_before
            end,
            'unknown'
        ) as category_code
    from strata
    cross join covariates
    where covariates.is_used
)

select * from final
