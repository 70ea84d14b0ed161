with known as (
    {{ latest_known('stakeholder', 'key_result') }}
)

select
    key_result_id,
    objective_id,
    title,
    kr_type,
    measures,
    metric_code,
    baseline,
    target,
    due_date
from known
