-- one row per thing that is missing for costing, or was left out of it
with supply as (select * from {{ ref('int_costing_supply') }}),
money as (select * from {{ ref('int_money_line_convert') }}),
capacity as (select * from {{ ref('int_capacity_measure') }}),
work as (select * from {{ ref('int_work_time_measure') }}),
attributes as (select * from {{ ref('stg_work_item_attribute') }}),
activities as (select * from {{ ref('int_activity_version') }}),
terms as (select * from {{ ref('int_activity_term_version') }}),
functions as (select * from {{ ref('functions') }}),

supplied as (
    select entity
    from supply
    where is_supplied
    group by entity
),

missing_months as (
    select
        capacity.gap_code,
        case
            when capacity.gap_code in ('missing_capacity', 'double_capacity')
                then 'function_capacity'
            else 'ledger_expense'
        end as entity,
        -- a month without any expense is one gap, not one for each function
        case capacity.gap_code when 'missing_ledger' then 'all' else capacity.function_code end
            as function_code,
        capacity.month,
        sum(capacity.used_minutes) as minutes,
        sum(capacity.cost_amount) as amount
    from capacity
    where
        capacity.gap_code in (
            'missing_ledger', 'missing_cost', 'missing_capacity', 'double_capacity'
        )
    group by
        capacity.gap_code,
        case
            when capacity.gap_code in ('missing_capacity', 'double_capacity')
                then 'function_capacity'
            else 'ledger_expense'
        end,
        case capacity.gap_code when 'missing_ledger' then 'all' else capacity.function_code end,
        capacity.month
),

unconverted as (
    select
        entity,
        function_code,
        month,
        landed_currency,
        count(*) as rows_count
    from money
    where amount is null
    group by entity, function_code, month, landed_currency
),

catalogue as (
    select activity_code
    from activities
    group by activity_code
),

-- attributes that landed with work and add nothing
idle_attributes as (
    select
        work.activity_code,
        attributes.attribute,
        count(*) as rows_count
    from work
    inner join attributes on work.work_id = attributes.work_item_id
    left join terms
        on
            work.activity_code = terms.activity_code
            and attributes.attribute = terms.attribute
            and {{ is_in_force('terms', 'work.worked_on') }}
    where
        work.source = 'work_item'
        and work.cost_state = 'costed'
        and attributes.amount <> 0
        and terms.attribute is null
    group by work.activity_code, attributes.attribute
),

gaps as (
    select
        'not_landed' as gap_code,
        entity,
        'none' as function_code,
        'none' as activity_code,
        'none' as attribute_code,
        'all' as account_id,
        cast(null as date) as gap_month,
        'none' as from_currency,
        0 as rows_count,
        cast(null as decimal(18, 4)) as minutes,
        cast(null as decimal(18, 2)) as amount,
        entity as missing
    from supply
    where not is_supplied
    group by entity
    union all
    select
        'missing_rate' as gap_code,
        entity,
        function_code,
        'none' as activity_code,
        'none' as attribute_code,
        'all' as account_id,
        month as gap_month,
        landed_currency as from_currency,
        rows_count,
        cast(null as decimal(18, 4)) as minutes,
        cast(null as decimal(18, 2)) as amount,
        case function_code when 'none' then landed_currency else function_code end as missing
    from unconverted
    union all
    select
        gap_code,
        entity,
        function_code,
        'none' as activity_code,
        'none' as attribute_code,
        'all' as account_id,
        month as gap_month,
        'none' as from_currency,
        0 as rows_count,
        cast(minutes as decimal(18, 4)) as minutes,
        cast(amount as decimal(18, 2)) as amount,
        function_code as missing
    from missing_months
    union all
    select
        work.cost_state as gap_code,
        'activity' as entity,
        'none' as function_code,
        work.activity_code,
        'none' as attribute_code,
        'all' as account_id,
        work.month as gap_month,
        'none' as from_currency,
        count(*) as rows_count,
        cast(null as decimal(18, 4)) as minutes,
        cast(null as decimal(18, 2)) as amount,
        work.activity_code as missing
    from work
    -- without any catalogue, that is the gap
    inner join supplied on supplied.entity = 'activity'
    where work.cost_state in ('unlisted_activity', 'no_equation_in_force')
    group by work.cost_state, work.activity_code, work.month
    union all
    select
        'counted_elsewhere' as gap_code,
        'work_item' as entity,
        'none' as function_code,
        activity_code,
        'none' as attribute_code,
        'all' as account_id,
        month as gap_month,
        'none' as from_currency,
        count(*) as rows_count,
        cast(sum(standard_minutes) as decimal(18, 4)) as minutes,
        cast(null as decimal(18, 2)) as amount,
        'none' as missing
    from work
    where cost_state = 'counted_elsewhere'
    group by activity_code, month
    union all
    select
        'negative_minutes' as gap_code,
        'activity_term' as entity,
        'none' as function_code,
        activity_code,
        'none' as attribute_code,
        account_id,
        month as gap_month,
        'none' as from_currency,
        count(*) as rows_count,
        cast(sum(used_minutes) as decimal(18, 4)) as minutes,
        cast(null as decimal(18, 2)) as amount,
        'none' as missing
    from work
    where cost_state = 'costed' and used_minutes < 0
    group by activity_code, account_id, month
    union all
    select
        'unlisted_function' as gap_code,
        'activity' as entity,
        capacity.function_code,
        'none' as activity_code,
        'none' as attribute_code,
        'all' as account_id,
        cast(null as date) as gap_month,
        'none' as from_currency,
        0 as rows_count,
        cast(sum(capacity.used_minutes) as decimal(18, 4)) as minutes,
        cast(sum(capacity.cost_amount) as decimal(18, 2)) as amount,
        'none' as missing
    from capacity
    left join functions on capacity.function_code = functions.function_code
    where functions.function_code is null
    group by capacity.function_code
    union all
    select
        'attribute_without_term' as gap_code,
        'activity_term' as entity,
        'none' as function_code,
        activity_code,
        attribute as attribute_code,
        'all' as account_id,
        cast(null as date) as gap_month,
        'none' as from_currency,
        rows_count,
        cast(null as decimal(18, 4)) as minutes,
        cast(null as decimal(18, 2)) as amount,
        'none' as missing
    from idle_attributes
    union all
    select
        'term_without_activity' as gap_code,
        'activity' as entity,
        'none' as function_code,
        terms.activity_code,
        terms.attribute as attribute_code,
        'all' as account_id,
        cast(null as date) as gap_month,
        'none' as from_currency,
        count(*) as rows_count,
        cast(null as decimal(18, 4)) as minutes,
        cast(null as decimal(18, 2)) as amount,
        'none' as missing
    from terms
    left join catalogue on terms.activity_code = catalogue.activity_code
    where catalogue.activity_code is null
    group by terms.activity_code, terms.attribute
)

select
    gap_code,
    entity,
    function_code,
    activity_code,
    attribute_code,
    account_id,
    gap_month,
    from_currency,
    cast(rows_count as bigint) as rows_count,
    minutes,
    amount,
    missing
from gaps
