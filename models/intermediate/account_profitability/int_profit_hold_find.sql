-- one row per account, month, part of its profit that is not known, and thing missing for it
with money as (select * from {{ ref('int_money_line_convert') }}),
work as (select * from {{ ref('int_work_time_measure') }}),
capacity as (select * from {{ ref('int_capacity_measure') }}),
supply as (select * from {{ ref('int_costing_supply') }}),

account_months as (
    select
        account_id,
        month
    from money
    where account_id <> 'none'
    union
    select
        account_id,
        month
    from work
    where account_id <> 'internal' and cost_state <> 'counted_elsewhere'
),

ledger_months as (
    select month
    from money
    where line_group = 'activity'
    group by month
),

missing_entities as (
    select
        part,
        entity
    from supply
    where not is_supplied
),

supplied as (
    select entity
    from supply
    where is_supplied
    group by entity
),

holds as (
    select
        account_months.account_id,
        account_months.month,
        missing_entities.part,
        'not_landed' as gap_code,
        missing_entities.entity as missing,
        'none' as from_currency
    from account_months
    cross join missing_entities
    union all
    select
        account_id,
        month,
        line_group as part,
        'missing_rate' as gap_code,
        landed_currency as missing,
        landed_currency as from_currency
    from money
    where account_id <> 'none' and amount is null
    group by account_id, month, line_group, landed_currency
    union all
    select
        account_months.account_id,
        account_months.month,
        'cost_to_serve' as part,
        'missing_ledger' as gap_code,
        'all' as missing,
        'none' as from_currency
    from account_months
    inner join supplied on supplied.entity = 'ledger_expense'
    left join ledger_months on account_months.month = ledger_months.month
    where ledger_months.month is null
    union all
    select
        work.account_id,
        work.month,
        'cost_to_serve' as part,
        capacity.gap_code,
        work.function_code as missing,
        coalesce(capacity.unconverted_currency, 'none') as from_currency
    from work
    inner join capacity
        on work.function_code = capacity.function_code and work.month = capacity.month
    where
        work.account_id <> 'internal'
        and work.cost_state = 'costed'
        and capacity.gap_code not in ('not_landed', 'missing_ledger')
    group by
        work.account_id,
        work.month,
        capacity.gap_code,
        work.function_code,
        coalesce(capacity.unconverted_currency, 'none')
    union all
    select
        work.account_id,
        work.month,
        'cost_to_serve' as part,
        work.cost_state as gap_code,
        work.activity_code as missing,
        'none' as from_currency
    from work
    inner join supplied on supplied.entity = 'activity'
    where
        work.account_id <> 'internal'
        and work.cost_state in ('unlisted_activity', 'no_equation_in_force')
    group by work.account_id, work.month, work.cost_state, work.activity_code
),

worded as (
    select
        *,
        substr(cast(month as {{ dbt.type_string() }}), 1, 7) as month_label
    from holds
)

select
    account_id,
    month,
    part,
    gap_code,
    missing,
    case gap_code
        when 'not_landed' then concat('No ', missing, ' has landed')
        when 'missing_rate'
            then concat(
                'No exchange rate from ', from_currency, ' to {{ var("reporting_currency") }} for ',
                month_label
            )
        when 'missing_ledger'
            then concat('No expense of level activity in the ledger of ', month_label)
        when 'missing_cost'
            then concat('No expense of ', missing, ' in the ledger of ', month_label)
        when 'unconverted_cost'
            then concat(
                'An expense of ', missing, ' has no exchange rate from ', from_currency,
                ' to {{ var("reporting_currency") }} for ', month_label
            )
        when 'missing_capacity'
            then concat('No practical minutes of ', missing, ' for ', month_label)
        when 'double_capacity' then concat('Two capacities of ', missing, ' for ', month_label)
        when 'unlisted_activity' then concat('Activity ', missing, ' is not in the catalogue')
        when 'no_equation_in_force'
            then concat('Activity ', missing, ' had no time equation yet in ', month_label)
    end as reason
from worded
