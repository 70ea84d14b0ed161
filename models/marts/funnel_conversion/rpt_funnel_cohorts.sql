with spells as (select * from {{ ref('int_eligibility_stage_reach') }}),
enrollments as (select * from {{ ref('int_enrollment_stage_reach') }}),
survival as (select * from {{ ref('int_stage_survival_estimate') }}),
stages as (select * from {{ ref('dim_stages') }}),

reached as (
    select
        true as is_spell,
        account_id,
        program_id,
        cohort_month,
        stage_code,
        is_reached,
        is_previous_reached,
        is_previous_reached_in_time,
        is_implied,
        is_reached_in_time,
        is_mature
    from spells
    union all
    select
        false as is_spell,
        account_id,
        program_id,
        cohort_month,
        stage_code,
        is_reached,
        is_previous_reached,
        is_previous_reached_in_time,
        is_implied,
        is_reached_in_time,
        is_mature
    from enrollments
),

counts as (
    select
        is_spell,
        {{ all_or('account_id') }} as account_code,
        {{ all_or('program_id') }} as program_code,
        {{ all_or('cohort_month') }} as cohort_code,
        stage_code,
        cast(count(*) as bigint) as entered_count,
        cast(count_if(is_reached) as bigint) as reached_count,
        cast(count_if(is_reached and is_previous_reached) as bigint) as numerator_count,
        cast(count_if(is_previous_reached) as bigint) as denominator_count,
        cast(count_if(is_implied) as bigint) as implied_count,
        cast(
            count_if(is_mature and is_reached_in_time and is_previous_reached_in_time) as bigint
        ) as mature_numerator_count,
        cast(count_if(is_mature and is_previous_reached_in_time) as bigint)
            as mature_denominator_count,
        bool_and(is_mature) as is_group_mature
    from reached
    group by cube(account_id, program_id, cohort_month), stage_code, is_spell
),

-- enrolling ends a spell and begins an enrollment: the step is counted in spells, which are of no
-- program, the stage itself in enrollments
counted_stages as (
    select
        *,
        dated_by = 'fct_eligibility_journeys' as is_stage_of_spells,
        dated_by = 'fct_eligibility_journeys'
        or (stage_code = 'enrolled' and previous_stage_code is not null) as is_step_of_spells
    from stages
),

groups as (
    select distinct
        account_code,
        program_code,
        cohort_code
    from counts
    where program_code is not null
),

measured as (
    select
        groups.account_code,
        groups.program_code,
        groups.cohort_code,
        counted_stages.stage_code,
        counted_stages.stage_order,
        counted_stages.previous_stage_code,
        counted_stages.is_supplied,
        steps.is_group_mature,
        steps.entered_count,
        steps.reached_count as reached_of_entered_count,
        case when counted_stages.is_supplied then coalesce(own.reached_count, 0) end
            as reached_count,
        case when counted_stages.is_supplied then coalesce(own.implied_count, 0) end
            as implied_count,
        counted_stages.previous_stage_code is not null
        and (groups.program_code = 'all' or not counted_stages.is_step_of_spells) as is_step,
        coalesce(steps.numerator_count, 0) as numerator_count,
        coalesce(steps.denominator_count, 0) as denominator_count,
        coalesce(steps.mature_numerator_count, 0) as mature_numerator_count,
        coalesce(steps.mature_denominator_count, 0) as mature_denominator_count
    from groups
    inner join counted_stages
        on groups.program_code = 'all' or not counted_stages.is_stage_of_spells
    left join counts as own
        on
            groups.account_code = own.account_code
            and groups.program_code = own.program_code
            and groups.cohort_code = own.cohort_code
            and counted_stages.stage_code = own.stage_code
            and counted_stages.is_stage_of_spells = own.is_spell
    left join counts as steps
        on
            groups.account_code = steps.account_code
            and groups.program_code = steps.program_code
            and groups.cohort_code = steps.cohort_code
            and counted_stages.stage_code = steps.stage_code
            and counted_stages.is_step_of_spells = steps.is_spell
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

-- rows that mix programs, as if their programs had the shares of all accounts and cohorts
programs as (
    select
        account_code,
        program_code,
        cohort_code,
        stage_code,
        mature_numerator_count,
        mature_denominator_count
    from counts
    where not is_spell and program_code <> 'all' and mature_denominator_count > 0
),

program_mix as (
    select
        stage_code,
        program_code,
        mature_denominator_count
    from programs
    where account_code = 'all' and cohort_code = 'all'
),

standardized as (
    {{ direct_standardization(
        'programs', ['account_code', 'cohort_code', 'stage_code'], 'program_code',
        'mature_numerator_count', 'mature_denominator_count',
        'program_mix', 'mature_denominator_count', within=['stage_code']
    ) }}
),

final as (
    select
        {{ surrogate_key([
            'measured.account_code',
            'measured.program_code',
            'measured.cohort_code',
            'measured.stage_code'
        ]) }} as funnel_cohort_key,
        measured.account_code as account_id,
        measured.program_code as program_id,
        measured.cohort_code as cohort_month,
        measured.stage_code,
        measured.stage_order,
        measured.is_supplied,
        measured.is_group_mature as is_mature,
        measured.reached_count,
        case when measured.is_step then measured.numerator_count end as numerator_count,
        case when measured.is_step then measured.denominator_count end as denominator_count,
        {{ rate('measured.numerator_count', 'measured.denominator_count') }} as rate,
        {{ wilson_low('measured.numerator_count', 'measured.denominator_count') }} as ci_low,
        {{ wilson_high('measured.numerator_count', 'measured.denominator_count') }} as ci_high,
        {{ rate('measured.reached_of_entered_count', 'measured.entered_count') }} as overall_rate,
        measured.implied_count,
        case when measured.is_step then measured.mature_numerator_count end
            as mature_numerator_count,
        case when measured.is_step then measured.mature_denominator_count end
            as mature_denominator_count,
        {{ rate('measured.mature_numerator_count', 'measured.mature_denominator_count') }}
            as mature_rate,
        {{ wilson_low('measured.mature_numerator_count', 'measured.mature_denominator_count') }}
            as mature_ci_low,
        {{ wilson_high('measured.mature_numerator_count', 'measured.mature_denominator_count') }}
            as mature_ci_high,
        standardized.standardized_rate,
        standardized.standardized_ci_low,
        standardized.standardized_ci_high,
        standardized.standardized_share,
        percentiles.p25_days,
        percentiles.median_days,
        percentiles.p75_days,
        percentiles.p90_days
    from measured
    left join standardized
        on
            measured.account_code = standardized.account_code
            and measured.program_code = 'all'
            and measured.cohort_code = standardized.cohort_code
            and measured.stage_code = standardized.stage_code
    left join percentiles
        on
            measured.account_code = percentiles.account_id
            and measured.program_code = percentiles.program_id
            and measured.cohort_code = percentiles.cohort_month
            and measured.stage_code = percentiles.to_stage
            and measured.previous_stage_code = percentiles.from_stage
)

select * from final
