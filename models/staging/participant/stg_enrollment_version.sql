with versions as (
    {{ known_versions('participant', 'enrollment') }}
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
    updated_at,
    known_from,
    known_to
from versions
