with known as (
    {{ latest_known('participant', 'submission') }}
)

select
    submission_id,
    enrollment_id,
    assignment_id,
    submitted_at,
    graded_at,
    score_scaled,
    passed,
    attempt_no,
    is_carried_over
from known
