-- one row per part of an account's profit and entity that it needs: has that landed?
with entities as (select * from {{ ref('int_entity_supply') }}),

-- work_item stands for any kind of work
known as (
    select
        case
            when entity in ('coaching_session', 'support_ticket', 'application') then 'work_item'
            else entity
        end as known_entity
    from entities
    where known_rows_count > 0
),

needs as (
    select
        'revenue' as part,
        'invoice_line' as entity
    union all
    select
        'direct_cost' as part,
        'direct_cost' as entity
    union all
    select
        'sustaining_cost' as part,
        'ledger_expense' as entity
    union all
    select
        'cost_to_serve' as part,
        'ledger_expense' as entity
    union all
    select
        'cost_to_serve' as part,
        'function_capacity' as entity
    union all
    select
        'cost_to_serve' as part,
        'activity' as entity
    union all
    select
        'cost_to_serve' as part,
        'work_item' as entity
)

select
    needs.part,
    needs.entity,
    count(known.known_entity) > 0 as is_supplied
from needs
left join known on needs.entity = known.known_entity
group by needs.part, needs.entity
