-- What: no week at risk begins on or after the day of leaving the employer, unless the program was
--   completed in spite of it.
-- When it matters: people who cannot learn any more would look silent, and lower engagement.
-- How to resolve: the end of the employment did not end the enrollment; look at its ended_date in
--   int_enrollment_resolve.
select
    learner_weeks.enrollment_id,
    learner_weeks.week_start_date
from {{ ref('fct_learner_weeks') }} as learner_weeks
inner join {{ ref('fct_enrollment_journeys') }} as journeys
    on learner_weeks.enrollment_id = journeys.enrollment_id
where
    learner_weeks.is_at_risk
    and journeys.completed_at is null
    and learner_weeks.week_start_date >= cast(journeys.terminated_at as date)
