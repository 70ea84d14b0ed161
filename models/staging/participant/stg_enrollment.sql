with known as (
    {{ latest_known('participant', 'enrollment') }}
)

select
    enrollment_id,
    application_id,
    participant_id,
    program_id,
    cohort_id,
    enrolled_at,
    start_date,
    planned_end_date,
    attempt_no,
    updated_at
from known
