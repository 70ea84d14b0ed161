-- What: nobody is activated, engaged or completed after the day of leaving.
-- When it matters: funnel and survival would disagree on such an enrollment.
-- How to resolve: the rule that dates the stage forgot the end of the enrollment; mend it there.
select
    journeys.enrollment_id,
    enrollments.ended_date
from {{ ref('fct_enrollment_journeys') }} as journeys
inner join {{ ref('int_enrollment_resolve') }} as enrollments
    on journeys.enrollment_id = enrollments.enrollment_id
where
    journeys.exited_at is not null
    and {{ local_date(
        'greatest(journeys.activated_at, journeys.engaged_at, journeys.completed_at)',
        'enrollments.timezone'
    ) }} > enrollments.ended_date
