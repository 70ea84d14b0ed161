-- one row per landed row of money: what it is and its amount in the reporting currency
with invoice_lines as (select * from {{ ref('stg_invoice_line') }}),
direct_costs as (select * from {{ ref('stg_direct_cost') }}),
ledger as (select * from {{ ref('stg_ledger_expense') }}),
rates as (select * from {{ ref('int_exchange_rate_find') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

lines as (
    select
        'invoice_line' as entity,
        concat(invoice_id, '/', cast(line_no as {{ dbt.type_string() }})) as row_id,
        account_id,
        'none' as function_code,
        {{ month_start('coalesce(service_month, invoiced_on)') }} as month,
        case revenue_type when 'tuition_pass_through' then 'pass_through' else 'revenue' end
            as line_group,
        revenue_type as line_code,
        amount as landed_amount,
        currency
    from invoice_lines
    union all
    select
        'direct_cost' as entity,
        cost_id as row_id,
        account_id,
        'none' as function_code,
        {{ month_start('incurred_on') }} as month,
        case cost_type when 'tuition_pass_through' then 'pass_through_cost' else 'direct_cost' end
            as line_group,
        cost_type as line_code,
        amount as landed_amount,
        currency
    from direct_costs
    union all
    select
        'ledger_expense' as entity,
        entry_id as row_id,
        -- only what sustains an account is an account's
        case cost_level when 'account_sustaining' then account_id else 'none' end as account_id,
        case cost_level when 'activity' then function_code else 'none' end as function_code,
        {{ month_start('month') }} as month,
        case cost_level when 'account_sustaining' then 'sustaining_cost' else cost_level end
            as line_group,
        coalesce(natural_account, 'none') as line_code,
        amount as landed_amount,
        currency
    from ledger
)

select
    lines.entity,
    lines.row_id,
    lines.account_id,
    lines.function_code,
    lines.month,
    lines.line_group,
    lines.line_code,
    lines.landed_amount,
    lines.currency as landed_currency,
    cast(
        case
            when lines.currency = '{{ var("reporting_currency") }}' then lines.landed_amount
            else {{ at_rate('lines.landed_amount', 'rates.rate') }}
        end as decimal(18, 2)
    ) as amount
from lines
inner join as_of on lines.month < as_of.known_before_at
left join rates on lines.month = rates.month and lines.currency = rates.from_currency
