with reached as (select * from {{ ref('int_enrollment_stage_reach') }}),
survival as (select * from {{ ref('int_stage_survival_estimate') }}),
stages as (select * from {{ ref('dim_stages') }}),

counts as (
    select
        {{ all_or('account_id') }} as account_code,
        {{ all_or('program_id') }} as program_code,
        {{ all_or('cohort_month') }} as cohort_code,
        stage_code,
        cast(count(*) as bigint) as entered_count,
        cast(count_if(is_reached) as bigint) as reached_count,
        cast(count_if(is_reached and is_previous_reached) as bigint) as numerator_count,
        cast(count_if(is_previous_reached) as bigint) as denominator_count,
        cast(count_if(is_implied) as bigint) as implied_count,
        cast(count_if(is_mature and is_reached_in_time and is_previous_reached) as bigint)
            as mature_numerator_count,
        cast(count_if(is_mature and is_previous_reached) as bigint) as mature_denominator_count,
        bool_and(is_mature) as is_group_mature
    from reached
    group by cube(account_id, program_id, cohort_month), stage_code
),

groups as (
    select distinct
        account_code,
        program_code,
        cohort_code
    from counts
),

percentiles as (
    select
        account_id,
        program_id,
        cohort_month,
        to_stage,
        from_stage,
        min(age_days) filter (where cumulative_incidence >= 0.25 - 1e-12) as p25_days,
        min(age_days) filter (where cumulative_incidence >= 0.50 - 1e-12) as median_days,
        min(age_days) filter (where cumulative_incidence >= 0.75 - 1e-12) as p75_days,
        min(age_days) filter (where cumulative_incidence >= 0.90 - 1e-12) as p90_days
    from survival
    group by account_id, program_id, cohort_month, to_stage, from_stage
),

final as (
    select
        {{ surrogate_key([
            'groups.account_code', 'groups.program_code', 'groups.cohort_code', 'stages.stage_code'
        ]) }} as funnel_cohort_key,
        groups.account_code as account_id,
        groups.program_code as program_id,
        groups.cohort_code as cohort_month,
        stages.stage_code,
        stages.stage_order,
        stages.is_supplied,
        counts.is_group_mature as is_mature,
        counts.reached_count,
        case when stages.previous_stage_code is not null then counts.numerator_count end
            as numerator_count,
        case when stages.previous_stage_code is not null then counts.denominator_count end
            as denominator_count,
        {{ rate('counts.numerator_count', 'counts.denominator_count') }} as rate,
        {{ wilson_low('counts.numerator_count', 'counts.denominator_count') }} as ci_low,
        {{ wilson_high('counts.numerator_count', 'counts.denominator_count') }} as ci_high,
        {{ rate('counts.reached_count', 'counts.entered_count') }} as overall_rate,
        counts.implied_count,
        case when stages.previous_stage_code is not null then counts.mature_numerator_count end
            as mature_numerator_count,
        case when stages.previous_stage_code is not null then counts.mature_denominator_count end
            as mature_denominator_count,
        {{ rate('counts.mature_numerator_count', 'counts.mature_denominator_count') }}
            as mature_rate,
        {{ wilson_low('counts.mature_numerator_count', 'counts.mature_denominator_count') }}
            as mature_ci_low,
        {{ wilson_high('counts.mature_numerator_count', 'counts.mature_denominator_count') }}
            as mature_ci_high,
        percentiles.p25_days,
        percentiles.median_days,
        percentiles.p75_days,
        percentiles.p90_days
    from groups
    cross join stages
    left join counts
        on
            groups.account_code = counts.account_code
            and groups.program_code = counts.program_code
            and groups.cohort_code = counts.cohort_code
            and stages.stage_code = counts.stage_code
    left join percentiles
        on
            groups.account_code = percentiles.account_id
            and groups.program_code = percentiles.program_id
            and groups.cohort_code = percentiles.cohort_month
            and stages.stage_code = percentiles.to_stage
            and stages.previous_stage_code = percentiles.from_stage
)

select * from final
