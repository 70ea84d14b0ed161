with known as (
    {{ latest_known('stakeholder', 'account_rating') }}
)

select
    account_id,
    quarter_start,
    axis,
    criterion,
    weight,
    rating
from known
