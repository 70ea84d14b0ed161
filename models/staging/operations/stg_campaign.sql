with known as (
    {{ latest_known('operations', 'campaign') }}
)

select
    campaign_id,
    title,
    channel,
    account_id,
    started_on,
    ended_on,
    budget,
    currency
from known
