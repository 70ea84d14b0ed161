-- one row per early indicator, outcome, cut-off day and enrollment whose outcome is no longer open:
-- what the indicator said at the cut-off, and what became of it
with scores as (select * from {{ ref('int_cutoff_indicator_score') }}),
cutoffs as (select * from {{ ref('int_enrollment_cutoff_expand') }}),
reached as (select * from {{ ref('int_enrollment_stage_reach') }}),
journeys as (select * from {{ ref('fct_enrollment_journeys') }}),
enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
credentialed_programs as (select * from {{ ref('int_program_credential_find') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

completions as (
    select
        enrollment_id,
        clock_date,
        window_end_date,
        observed_until_date
    from reached
    where stage_code = 'completed'
),

-- a program without a credential has none to hold; elsewhere who never completes is waited for as
-- long as who completes on the last day
credentials as (
    select
        completions.enrollment_id,
        {{ local_date('journeys.credentialed_at', 'enrollments.timezone') }} as clock_date,
        {{ add_days('completions.window_end_date', 'thresholds.credential_window_days') }}
            as window_end_date,
        completions.observed_until_date
    from completions
    inner join journeys on completions.enrollment_id = journeys.enrollment_id
    inner join enrollments on completions.enrollment_id = enrollments.enrollment_id
    inner join credentialed_programs on enrollments.program_id = credentialed_programs.program_id
    cross join thresholds
),

outcomes as (
    select
        'program_completion' as outcome_code,
        completions.*
    from completions
    union all
    select
        'credential_attainment' as outcome_code,
        credentials.*
    from credentials
)

select
    scores.indicator_code,
    outcomes.outcome_code,
    scores.cutoff_day,
    scores.enrollment_id,
    cutoffs.account_id,
    scores.score,
    scores.is_flagged,
    coalesce(outcomes.clock_date <= outcomes.window_end_date, false) as has_outcome,
    case
        when outcomes.clock_date <= outcomes.window_end_date
            then cast({{ days_between('cutoffs.cutoff_date', 'outcomes.clock_date') }} as int)
    end as lead_days,
    {{ month_start('cutoffs.start_date') }} as start_month,
    {{ month_start('outcomes.window_end_date') }} as window_end_month
from scores
inner join cutoffs
    on scores.enrollment_id = cutoffs.enrollment_id and scores.cutoff_day = cutoffs.cutoff_day
inner join outcomes on scores.enrollment_id = outcomes.enrollment_id
where
    outcomes.window_end_date <= outcomes.observed_until_date
    and (outcomes.clock_date is null or outcomes.clock_date >= cutoffs.cutoff_date)
