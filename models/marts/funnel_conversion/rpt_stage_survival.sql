with estimates as (select * from {{ ref('int_stage_survival_estimate') }}),

final as (
    select
        {{ surrogate_key(['account_id', 'program_id', 'from_stage', 'to_stage', 'age_days']) }}
            as stage_survival_key,
        account_id,
        program_id,
        from_stage,
        to_stage,
        age_days,
        at_risk_count,
        event_count,
        competing_count,
        censored_count,
        survival,
        cumulative_incidence,
        standard_error,
        ci_low,
        ci_high
    from estimates
    where cohort_month = 'all'
)

select * from final
