with known as (
    {{ latest_known('participant', 'skill_assessment') }}
)

select
    assessment_id,
    participant_id,
    enrollment_id,
    skill_id,
    phase,
    level,
    assessor,
    assessed_at
from known
