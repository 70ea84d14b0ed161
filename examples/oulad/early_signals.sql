-- The tables of early_signals.md, read from the warehouse that `make oulad` builds.

-- name: signals
select
    indicators.indicator_code as indicator,
    validity.cutoff_day as day,
    format('{:,}', validity.observations_count) as learners,
    round(100 * validity.prevalence_rate)::int || ' %' as flagged,
    round(100 * validity.precision)::int || ' %' as "of them passed",
    round(
        100.0 * (validity.outcome_count - validity.flagged_outcome_count)
        / (validity.observations_count - validity.flagged_count)
    )::int || ' %' as "of the others",
    format('{:.2f}', validity.lift) as lift,
    format(
        '{:.3f} ({:.3f} to {:.3f})', validity.auc, validity.auc_ci_low, validity.auc_ci_high
    ) as "AUC (95 %)",
    format('{:.0f}', validity.lead_days) as "lead, days",
    validity.verdict
from signals.rpt_indicator_validity as validity
inner join seeds.indicators as indicators using (indicator_code)
where validity.is_estimable and validity.outcome_code = 'program_completion'
order by indicators.indicator_order, validity.cutoff_day

-- name: leak
-- What the share of active weeks would seem to tell if all weeks of the course were let in.
with pairs as (
    select
        pairs.enrollment_id,
        pairs.cutoff_day,
        pairs.has_outcome,
        pairs.score as truncated,
        count(distinct (activity.activity_date - journeys.start_date) // 7) as everything
    from intermediate.int_cutoff_outcome_pair as pairs
    inner join funnel_conversion.fct_enrollment_journeys as journeys using (enrollment_id)
    left join intermediate.int_learning_event_aggregate as activity
        on
            pairs.enrollment_id = activity.enrollment_id
            and activity.meaningful_count > 0
            and activity.activity_date >= journeys.start_date
    where
        pairs.indicator_code = 'program_engagement'
        and pairs.outcome_code = 'program_completion'
    group by all
),

scores as (
    unpivot pairs on truncated::double as truncated, everything::double as everything
    into name seen value score
),

ranked as (
    select
        *,
        rank() over (partition by cutoff_day, seen order by score)
        + (count(*) over (partition by cutoff_day, seen, score) - 1) / 2 as place
    from scores
),

areas as (
    select
        cutoff_day,
        seen,
        count_if(has_outcome) as positives,
        (sum(place) filter (where has_outcome) - positives * (positives + 1) / 2)
        / (positives * (count(*) - positives)) as auc
    from ranked
    group by all
)

select
    cutoff_day as day,
    format('{:.3f}', max(auc) filter (where seen = 'truncated')) as "AUC, seen by then",
    format('{:.3f}', max(auc) filter (where seen = 'everything')) as "AUC, all weeks let in"
from areas
group by all
order by cutoff_day

-- name: modules
-- On day 56, in each module alone.
with pairs as (
    select
        journeys.program_id as module,
        pairs.indicator_code,
        pairs.has_outcome,
        rank() over (partition by module, pairs.indicator_code order by pairs.score)
        + (count(*) over (partition by module, pairs.indicator_code, pairs.score) - 1) / 2 as place
    from intermediate.int_cutoff_outcome_pair as pairs
    inner join funnel_conversion.fct_enrollment_journeys as journeys using (enrollment_id)
    where
        pairs.cutoff_day = 56
        and pairs.outcome_code = 'program_completion'
        and pairs.indicator_code in ('program_engagement', 'assignment_completion')
),

areas as (
    select
        module,
        indicator_code,
        count(*) as learners,
        count_if(has_outcome) as positives,
        (sum(place) filter (where has_outcome) - positives * (positives + 1) / 2)
        / (positives * (learners - positives)) as auc
    from pairs
    group by all
)

select
    module,
    format('{:,}', max(learners)) as learners,
    round(100 * max(positives / learners) filter (where indicator_code = 'program_engagement'))::int
    || ' %' as passed,
    format('{:.3f}', max(auc) filter (where indicator_code = 'program_engagement'))
        as "AUC, engagement",
    coalesce(
        format('{:.3f}', max(auc) filter (where indicator_code = 'assignment_completion')), 'none due'
    ) as "AUC, assignments"
from areas
group by all
order by module
