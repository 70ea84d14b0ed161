with known as (
    {{ latest_known('operations', 'cohort') }}
)

select
    cohort_id,
    program_id,
    account_id,
    start_date,
    end_date,
    capacity
from known
