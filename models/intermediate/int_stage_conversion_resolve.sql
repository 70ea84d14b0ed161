-- one row per account and stage: its mature conversion, and what its programs would make of it
with cohorts as (select * from {{ ref('rpt_funnel_cohorts') }}),
stages as (select * from {{ ref('dim_stages') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

program_rates as (
    select
        program_id,
        stage_code,
        mature_rate
    from cohorts
    where account_id = 'all' and program_id <> 'all' and cohort_month = 'all'
),

-- what the account would have if each of its programs did as it does everywhere
expected as (
    select
        cohorts.account_id,
        cohorts.stage_code,
        sum(cohorts.mature_denominator_count * program_rates.mature_rate)
        / cast(sum(cohorts.mature_denominator_count) as double) as expected_rate
    from cohorts
    inner join program_rates
        on
            cohorts.program_id = program_rates.program_id
            and cohorts.stage_code = program_rates.stage_code
    where
        cohorts.account_id <> 'all'
        and cohorts.cohort_month = 'all'
        and cohorts.mature_denominator_count > 0
    group by cohorts.account_id, cohorts.stage_code
),

final as (
    select
        cohorts.account_id,
        stages.stage_code,
        stages.stage_order,
        stages.metric_code,
        stages.is_supplied,
        -- how widely an employer offers the benefit is its own choice: others are no measure of it
        stages.stage_code not in ('eligible', 'aware', 'applied', 'enrolled') as has_peers,
        cohorts.mature_numerator_count,
        cohorts.mature_denominator_count,
        cohorts.mature_rate,
        coalesce(cohorts.mature_denominator_count >= thresholds.minimum_observations, false)
            as is_enough,
        expected.expected_rate
    from cohorts
    inner join stages on cohorts.stage_code = stages.stage_code
    cross join thresholds
    left join expected
        on
            cohorts.account_id = expected.account_id
            and cohorts.stage_code = expected.stage_code
    where
        cohorts.account_id <> 'all'
        and cohorts.program_id = 'all'
        and cohorts.cohort_month = 'all'
)

select * from final
