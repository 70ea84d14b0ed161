with judged as (select * from {{ ref('int_outcome_subgroup_judge') }}),
covariates as (select * from {{ ref('strata_covariates') }}),
bands as (select * from {{ ref('strata_bands') }}),

weighed as (
    select
        judged.*,
        covariates.covariate_order,
        -- relative to the most precise one, so that no weight is beyond a decimal
        case
            when judged.is_estimable
                then power(
                    min(case when judged.is_estimable then judged.standard_error end) over (
                        partition by judged.account_id, judged.outcome_code, judged.covariate_code
                    ) / judged.standard_error,
                    2
                )
        end as precision_weight,
        dense_rank() over (
            partition by judged.covariate_code
            order by
                case when judged.category_code = 'unknown' then 1 else 0 end,
                coalesce(bands.band_order, 0),
                case when judged.covariate_code = 'job_level' then length(judged.category_code) end,
                judged.category_code
        ) as category_order
    from judged
    inner join covariates on judged.covariate_code = covariates.covariate_code
    left join bands
        on
            judged.covariate_code = bands.covariate_code
            and judged.category_code = bands.band_code
),

-- Cochran 1954, Biometrics 10:101-129; Higgins and Thompson 2002, Statistics in Medicine 21:1539
pooled as (
    select
        account_id,
        outcome_code,
        covariate_code,
        cast(count(precision_weight) as int) as estimable_count,
        {{ exact_sum('precision_weight * difference') }}
        / {{ exact_sum('precision_weight') }} as pooled_difference
    from weighed
    group by account_id, outcome_code, covariate_code
),

squared as (
    select
        weighed.account_id,
        weighed.outcome_code,
        weighed.covariate_code,
        {{ exact_sum(
            'case when weighed.is_estimable then least(1e12, power('
            ~ '(weighed.difference - pooled.pooled_difference) / weighed.standard_error, 2'
            ~ ')) end'
        ) }} as heterogeneity_q,
        pooled.estimable_count - 1 as heterogeneity_df
    from weighed
    inner join pooled
        on
            weighed.account_id = pooled.account_id
            and weighed.outcome_code = pooled.outcome_code
            and weighed.covariate_code = pooled.covariate_code
    where pooled.estimable_count > 1
    group by
        weighed.account_id,
        weighed.outcome_code,
        weighed.covariate_code,
        pooled.estimable_count
),

final as (
    select
        {{ surrogate_key([
            'weighed.account_id', 'weighed.outcome_code', 'weighed.covariate_code',
            'weighed.category_code'
        ]) }} as workforce_subgroup_key,
        weighed.account_id,
        weighed.outcome_code,
        weighed.covariate_code,
        weighed.category_code,
        weighed.covariate_order,
        cast(weighed.category_order as int) as category_order,
        weighed.treated_count,
        weighed.comparison_count,
        weighed.comparison_worker_count,
        case when weighed.is_estimable then weighed.treated_mean end as treated_rate,
        case when weighed.is_estimable then weighed.comparison_mean end as comparison_rate,
        case when weighed.is_estimable then weighed.difference end as adjusted_difference,
        case when weighed.is_estimable then weighed.standard_error end as standard_error,
        case when weighed.is_estimable then weighed.ci_low end as ci_low,
        case when weighed.is_estimable then weighed.ci_high end as ci_high,
        squared.heterogeneity_q,
        cast(squared.heterogeneity_df as int) as heterogeneity_df,
        {{ chi_square_p('squared.heterogeneity_q', 'squared.heterogeneity_df') }}
            as heterogeneity_p,
        case
            when squared.heterogeneity_q > squared.heterogeneity_df
                then 1 - squared.heterogeneity_df / squared.heterogeneity_q
            when squared.heterogeneity_q is not null then cast(0 as double)
        end as i_squared,
        weighed.is_estimable,
        weighed.reason_code,
        weighed.reason
    from weighed
    left join squared
        on
            weighed.account_id = squared.account_id
            and weighed.outcome_code = squared.outcome_code
            and weighed.covariate_code = squared.covariate_code
)

select * from final
