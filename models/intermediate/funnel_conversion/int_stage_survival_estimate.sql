-- one row per account, program, cohort month (each also 'all'), transition and age in days at which
-- anything happened
with spells as (select * from {{ ref('int_eligibility_stage_reach') }}),
enrollments as (select * from {{ ref('int_enrollment_stage_reach') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

reached as (
    select
        'spell ' || eligibility_id as journey,
        account_id,
        program_id,
        cohort_month,
        stage_code,
        stage_order,
        previous_stage_code,
        clock_date,
        competing_date,
        observed_from_date,
        observed_until_date
    from spells
    union all
    select
        'enrollment ' || enrollment_id as journey,
        account_id,
        program_id,
        cohort_month,
        stage_code,
        stage_order,
        previous_stage_code,
        clock_date,
        competing_date,
        observed_from_date,
        observed_until_date
    from enrollments
),

-- the day after the last full one still runs, and is watched as far as it goes
watched as (
    select
        reached.*,
        least(
            as_of.as_of_date,
            coalesce({{ add_days('reached.observed_until_date', 1) }}, as_of.as_of_date)
        ) as watched_until_date
    from reached
    cross join as_of
),

-- from each stage to the next, and from the first of a journey to each later one; whoever left no
-- longer waits. Who leaves after the last day watched is not known to have missed the stage
waits as (
    select
        origins.account_id,
        origins.program_id,
        cast(origins.cohort_month as {{ dbt.type_string() }}) as cohort_month,
        origins.stage_code as from_stage,
        targets.stage_code as to_stage,
        origins.clock_date as entered_date,
        targets.clock_date as event_date,
        case
            when
                targets.competing_date <= targets.watched_until_date
                and (
                    targets.clock_date is null or targets.competing_date < targets.clock_date
                )
                then targets.competing_date
        end as competing_date,
        targets.observed_from_date,
        targets.watched_until_date
    from reached as origins
    inner join watched as targets
        on
            origins.journey = targets.journey
            and origins.stage_order < targets.stage_order
            and (
                origins.stage_code = targets.previous_stage_code
                or origins.stage_code in ('eligible', 'enrolled')
            )
    where origins.clock_date <= targets.watched_until_date
),

transitions_by_cohort as (
    select
        account_id,
        program_id,
        cohort_month,
        from_stage,
        to_stage,
        greatest(
            0,
            {{ days_between(
                'entered_date', 'coalesce(competing_date, event_date, watched_until_date)'
            ) }}
        ) as age_days,
        greatest(
            0, coalesce({{ days_between('entered_date', 'observed_from_date') }}, 0)
        ) as entry_age_days,
        competing_date is null and event_date is not null as is_event,
        competing_date is not null as is_competing
    from waits
),

roll_ups as (
    select 'all' as scope
    union all
    select 'own' as scope
),

-- a spell of eligibility is of no program
transitions as (
    select
        case when account_scopes.scope = 'all' then 'all' else waiting.account_id end as account_id,
        case when program_scopes.scope = 'all' then 'all' else waiting.program_id end as program_id,
        case when cohort_scopes.scope = 'all' then 'all' else waiting.cohort_month end
            as cohort_month,
        waiting.from_stage,
        waiting.to_stage,
        cast(waiting.age_days as int) as age_days,
        cast(waiting.entry_age_days as int) as entry_age_days,
        waiting.is_event,
        waiting.is_competing
    from transitions_by_cohort as waiting
    cross join roll_ups as account_scopes
    cross join roll_ups as program_scopes
    cross join roll_ups as cohort_scopes
    where program_scopes.scope = 'all' or waiting.program_id is not null
),

final as (
    {{ cumulative_incidence(
        'transitions',
        ['account_id', 'program_id', 'cohort_month', 'from_stage', 'to_stage'],
        entry='entry_age_days'
    ) }}
)

select * from final
