with known as (
    {{ latest_known('stakeholder', 'assessment_answer') }}
)

select
    framework,
    area,
    question_code,
    account_id,
    assessor_role,
    assessor_key,
    answered_on,
    score,
    evidence
from known
