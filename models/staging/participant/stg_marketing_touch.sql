with known as (
    {{ latest_known('participant', 'marketing_touch') }}
)

select
    touch_id,
    account_id,
    worker_id,
    participant_id,
    campaign_id,
    channel,
    touch_type,
    occurred_at
from known
