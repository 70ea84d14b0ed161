-- What: nobody is activated, engaged or completed after the day of leaving.
-- When it matters: funnel and survival would disagree on such an enrollment.
-- How to resolve: the rule that dates the stage forgot the end of the enrollment; mend it there.
select enrollment_id
from {{ ref('fct_enrollment_journeys') }}
where
    cast(activated_at as date) > cast(exited_at as date)
    or cast(engaged_at as date) > cast(exited_at as date)
    or cast(completed_at as date) > cast(exited_at as date)
