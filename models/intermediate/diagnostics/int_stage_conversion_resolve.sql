-- one row per account and stage: its mature conversion, and what its programs would make of it
with cohorts as (
    select *
    from {{ ref('rpt_funnel_cohorts') }}
    -- who belongs to an account that nobody knows is in the sum of all, and nobody's peer
    where cohort_month = 'all' and account_id <> 'unknown'
),

stages as (select * from {{ ref('dim_stages') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

-- of a program at an account: the same program at all other accounts
programs as (
    select
        own.account_id,
        own.stage_code,
        own.mature_denominator_count as own_count,
        {{ rate(
            'everywhere.mature_numerator_count - own.mature_numerator_count',
            '(everywhere.mature_denominator_count - own.mature_denominator_count)'
        ) }} as rate_elsewhere
    from cohorts as own
    inner join cohorts as everywhere
        on
            own.program_id = everywhere.program_id
            and own.stage_code = everywhere.stage_code
            and everywhere.account_id = 'all'
    where
        own.account_id <> 'all'
        and own.program_id <> 'all'
        and own.mature_denominator_count > 0
),

-- what the account would have if each of its programs did as it does elsewhere; of a program that
-- is taught nowhere else, nobody knows
expected as (
    select
        account_id,
        stage_code,
        {{ exact_sum('own_count * rate_elsewhere') }}
        / cast(sum(case when rate_elsewhere is not null then own_count end) as double)
            as expected_rate,
        cast(sum(case when rate_elsewhere is not null then own_count else 0 end) as double)
        / cast(sum(own_count) as double) as expected_share
    from programs
    group by account_id, stage_code
),

final as (
    select
        cohorts.account_id,
        stages.stage_code,
        stages.stage_order,
        stages.metric_code,
        stages.is_supplied,
        -- how widely an employer offers the benefit: others show it, and are no ground for a claim
        stages.stage_code in ('aware', 'applied') as is_own_choice,
        cohorts.mature_numerator_count,
        cohorts.mature_denominator_count,
        cohorts.mature_rate,
        -- where nobody ever got to a stage that rows of its own are needed for, they never landed
        coalesce(
            cohorts.mature_denominator_count >= thresholds.minimum_observations
            and (
                cohorts.reached_count > 0
                or stages.required_entity not in ('learning_event', 'credential', 'job_event')
            ),
            false
        ) as is_enough,
        expected.expected_rate,
        expected.expected_share
    from cohorts
    inner join stages on cohorts.stage_code = stages.stage_code
    cross join thresholds
    left join expected
        on
            cohorts.account_id = expected.account_id
            and cohorts.stage_code = expected.stage_code
    where cohorts.account_id <> 'all' and cohorts.program_id = 'all'
)

select * from final
