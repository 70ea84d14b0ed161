with known as (
    {{ latest_known('financial', 'ledger_expense') }}
)

select
    entry_id,
    month,
    cost_level,
    function_code,
    account_id,
    natural_account,
    amount,
    currency
from known
