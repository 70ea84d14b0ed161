-- one row: which of the entities that costing needs are known at the as-of date
with supply as (select * from {{ ref('int_entity_supply') }} where known_rows_count > 0)

select
    count_if(entity = 'invoice_line') > 0 as has_invoices,
    count_if(entity = 'direct_cost') > 0 as has_direct_costs,
    count_if(entity = 'ledger_expense') > 0 as has_ledger,
    count_if(entity = 'function_capacity') > 0 as has_capacity,
    count_if(entity = 'activity') > 0 as has_activities,
    count_if(entity in ('work_item', 'coaching_session', 'support_ticket', 'application')) > 0
        as has_work
from supply
