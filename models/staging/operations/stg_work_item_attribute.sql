with known as (
    {{ latest_known('operations', 'work_item_attribute') }}
)

select
    work_item_id,
    attribute,
    amount
from known
