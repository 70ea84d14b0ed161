-- The same numbers as in expected.sql, read from the marts.

-- name: registered
select
    cohort_id,
    count(*) as registered_count,
    count(enrolled_at) as registered_with_day_count
from funnel_conversion.fct_enrollment_journeys
group by all

-- name: ever_active
select
    cohort_id,
    count(*) as learners_count
from funnel_conversion.fct_enrollment_journeys
where first_activity_at is not null
group by all

-- name: active_in_week_1
select
    journeys.cohort_id,
    count(*) as learners_count
from funnel_conversion.fct_learner_weeks as weeks
inner join funnel_conversion.fct_enrollment_journeys as journeys using (enrollment_id)
where weeks.week_no = 1 and weeks.is_active
group by all

-- name: activity_by_week
select
    journeys.cohort_id,
    weeks.week_no,
    count(*) as learners_count,
    sum(weeks.active_days_count)::bigint as active_days_count,
    sum(weeks.event_count)::bigint as clicks_count
from funnel_conversion.fct_learner_weeks as weeks
inner join funnel_conversion.fct_enrollment_journeys as journeys using (enrollment_id)
where weeks.is_active
group by all

-- name: clicks
select
    journeys.cohort_id,
    sum(weeks.event_count)::bigint as clicks_count
from funnel_conversion.fct_learner_weeks as weeks
inner join funnel_conversion.fct_enrollment_journeys as journeys using (enrollment_id)
group by all

-- name: first_activity_by_day
select
    cohort_id,
    (first_activity_at::date - start_date)::int as first_day,
    count(*) as learners_count
from funnel_conversion.fct_enrollment_journeys
where first_activity_at is not null
group by all

-- name: first_submission_by_day
select
    cohort_id,
    (first_submission_at::date - start_date)::int as first_day,
    count(*) as learners_count
from funnel_conversion.fct_enrollment_journeys
where first_submission_at is not null
group by all

-- name: results
select
    cohort_id,
    count(completed_at) filter (where current_status = 'completed') as completed_count,
    count(*) filter (where current_status = 'failed') as failed_count,
    count(withdrawn_at) filter (where current_status = 'withdrawn') as withdrawn_count
from funnel_conversion.fct_enrollment_journeys
group by all

-- name: leaving_by_day
select
    cohort_id,
    exit_status,
    (exited_at::date - start_date)::int as exit_day,
    count(*) as learners_count
from funnel_conversion.fct_enrollment_journeys
where exit_status is not null
group by all

-- name: activated
select
    cohort_id,
    count(*) as learners_count
from funnel_conversion.fct_enrollment_journeys
where activated_at is not null
group by all

-- name: engaged
select
    cohort_id,
    count(*) as learners_count
from funnel_conversion.fct_enrollment_journeys
where engaged_at is not null
group by all

-- name: at_risk_by_week
select
    journeys.cohort_id,
    weeks.week_no,
    count(*) as at_risk_count,
    count(*) filter (where weeks.is_active) as active_count
from funnel_conversion.fct_learner_weeks as weeks
inner join funnel_conversion.fct_enrollment_journeys as journeys using (enrollment_id)
where weeks.is_at_risk
group by all

-- name: active_after_leaving
select
    journeys.cohort_id,
    count(distinct weeks.enrollment_id) as learners_count,
    sum(weeks.event_count)::bigint as clicks_count
from funnel_conversion.fct_learner_weeks as weeks
inner join funnel_conversion.fct_enrollment_journeys as journeys using (enrollment_id)
where
    weeks.is_active
    and weeks.week_no > floor((journeys.exited_at::date - journeys.start_date) / 7) + 1
group by all

-- name: weekly_engagement
select
    program_id,
    week_start_date,
    at_risk_count,
    active_count
from funnel_conversion.rpt_weekly_engagement
where account_id = 'open-university'
