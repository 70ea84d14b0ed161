with versions as (
    {{ known_versions('stakeholder', 'survey_response') }}
)

select
    response_id,
    survey_code,
    account_id,
    chain_role,
    respondent_key,
    participant_id,
    item_code,
    scale_min,
    scale_max,
    score,
    invited_at,
    responded_at,
    known_from,
    known_to
from versions
