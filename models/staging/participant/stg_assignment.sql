with known as (
    {{ latest_known('participant', 'assignment') }}
)

select
    assignment_id,
    program_id,
    cohort_id,
    assignment_type,
    title,
    due_day,
    weight
from known
