with known as (
    {{ latest_known('operations', 'intervention') }}
)

select
    case_id,
    account_id,
    program_id,
    diagnosis,
    question_code,
    function_code,
    opened_at,
    located_at,
    started_at,
    verified_at,
    expected_change,
    outcome
from known
