with known as (
    {{ latest_known('participant', 'absence') }}
)

select
    account_id,
    worker_id,
    absence_date,
    hours,
    absence_type
from known
