with known as (
    {{ latest_known('financial', 'invoice_line') }}
)

select
    invoice_id,
    line_no,
    account_id,
    contract_id,
    program_id,
    invoiced_on,
    service_month,
    revenue_type,
    amount,
    currency
from known
