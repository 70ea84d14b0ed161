with known as (
    {{ latest_known('participant', 'job_event') }}
)

select
    event_id,
    account_id,
    worker_id,
    event_type,
    effective_date,
    from_job_level,
    to_job_level,
    from_department,
    to_department,
    reason_code,
    entered_at
from known
