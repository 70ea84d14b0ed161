with known as (
    {{ latest_known('participant', 'worker') }}
)

select
    account_id,
    worker_id,
    effective_from,
    employee_number,
    email,
    full_name,
    hire_date,
    termination_date,
    termination_type,
    employment_type,
    pay_type,
    job_code,
    job_level,
    job_family,
    department,
    location_code,
    timezone,
    manager_worker_id,
    base_pay_annual,
    currency,
    extracted_at
from known
