-- one row per profile, all covariates of a worker in a trial: the strata, of those that are used
with candidates as (select * from {{ ref('int_trial_candidate_find') }}),
covariates as (select * from {{ ref('strata_covariates') }}),

profiles as (
    select
        profile,
        job_level,
        pay_type,
        employment_type,
        tenure_band,
        pay_group,
        department_group,
        is_promoted_before,
        is_moved_before
    from candidates
    group by
        profile,
        job_level,
        pay_type,
        employment_type,
        tenure_band,
        pay_group,
        department_group,
        is_promoted_before,
        is_moved_before
),

described as (
    select
        profiles.profile,
        covariates.covariate_code,
        covariates.covariate_order,
        covariates.is_used,
        ' | ' || coalesce(case covariates.covariate_code
            when 'job_level'
                then 'level ' || cast(profiles.job_level as {{ dbt.type_string() }})
            when 'pay_type' then profiles.pay_type
            when 'employment_type' then profiles.employment_type
            when 'tenure' then profiles.tenure_band
            when 'pay' then profiles.pay_group
            when 'department_group' then profiles.department_group
            when 'promoted_before'
                then case profiles.is_promoted_before
                    when true then 'promoted'
                    when false then 'not promoted'
                end
            when 'moved_before'
                then case profiles.is_moved_before
                    when true then 'moved'
                    when false then 'not moved'
                end
        end, 'unknown') as covariate_text
    from profiles
    cross join covariates
),

used as (
    select
        profile,
        covariate_order,
        case when is_used then covariate_text else '' end as used_text,
        -- a promotion that is matched on is no control: it would be alike in both arms by design
        case when is_used and covariate_code <> 'promoted_before' then covariate_text else '' end
            as control_text
    from described
),

joined as (
    select
        profile,
        ''
        {%- for order in range(1, 9) %}
            || coalesce(max(case covariate_order when {{ order }} then used_text end), '')
        {%- endfor %} as used_texts,
        ''
        {%- for order in range(1, 9) %}
            || coalesce(max(case covariate_order when {{ order }} then control_text end), '')
        {%- endfor %} as control_texts
    from used
    group by profile
),

final as (
    select
        profile,
        coalesce(nullif(substr(used_texts, 4), ''), 'everyone') as stratum,
        coalesce(nullif(substr(control_texts, 4), ''), 'everyone') as stratum_but_promotion
    from joined
)

select * from final
