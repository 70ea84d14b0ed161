with ledger as (select * from {{ ref('stg_ledger_expense') }}),
rates as (select * from {{ ref('int_exchange_rate_find') }}),
money as (select * from {{ ref('int_money_line_convert') }}),
activity_costs as (select * from {{ ref('fct_activity_costs') }}),
capacity as (select * from {{ ref('rpt_capacity') }}),

-- the whole ledger, as it landed, by a road of its own: what the parts lose is seen
ledger_rows as (
    select
        {{ month_start('ledger.month') }} as ledger_month,
        cast(
            case
                when ledger.currency = '{{ var("reporting_currency") }}' then ledger.amount
                else ledger.amount * rates.rate
            end as decimal(18, 2)
        ) as amount
    from ledger
    left join rates
        on
            {{ month_start('ledger.month') }} = rates.month
            and ledger.currency = rates.from_currency
),

ledger_months as (
    select
        ledger_month,
        {{ known_sum('amount') }} as ledger_amount,
        cast(count(*) - count(amount) as bigint) as unconverted_count
    from ledger_rows
    group by ledger_month
),

-- of the parts, those that are not known stay null: known_sum has no row to add up without them
levels as (
    select
        month,
        {{ known_sum("case when line_group = 'sustaining_cost' then amount else 0 end") }}
            as sustaining_amount,
        {{ known_sum("case when line_group = 'channel' then amount else 0 end") }}
            as channel_amount,
        {{ known_sum("case when line_group = 'corporate' then amount else 0 end") }}
            as corporate_amount
    from money
    where entity = 'ledger_expense'
    group by month
),

worked as (
    select
        month,
        sum(cost_amount) as assigned_amount,
        sum(case when account_id = 'internal' then cost_amount else 0 end) as internal_amount
    from activity_costs
    where is_supplied
    group by month
),

functions as (
    select
        month,
        sum(case when is_supplied then unused_cost_amount else 0 end) as unused_amount,
        {{ known_sum("case when is_supplied then 0 else cost_amount end") }} as uncosted_amount
    from capacity
    -- a function without a row in the ledger has no cost to account for
    where is_supplied or has_cost
    group by month
),

parts as (
    select
        ledger_months.ledger_month,
        ledger_months.unconverted_count,
        ledger_months.ledger_amount,
        cast(coalesce(worked.assigned_amount, 0) as decimal(18, 2)) as assigned_amount,
        cast(coalesce(worked.internal_amount, 0) as decimal(18, 2)) as internal_amount,
        cast(coalesce(functions.unused_amount, 0) as decimal(18, 2)) as unused_amount,
        levels.sustaining_amount,
        levels.channel_amount,
        levels.corporate_amount,
        case
            when functions.month is null then cast(0 as decimal(18, 2))
            else functions.uncosted_amount
        end as uncosted_amount
    from ledger_months
    left join levels on ledger_months.ledger_month = levels.month
    left join worked on ledger_months.ledger_month = worked.month
    left join functions on ledger_months.ledger_month = functions.month
),

summed as (
    select
        *,
        cast(channel_amount + corporate_amount + uncosted_amount as decimal(18, 2))
            as unallocated_amount
    from parts
),

compared as (
    select
        *,
        cast(
            ledger_amount - assigned_amount - unused_amount - sustaining_amount
            - unallocated_amount as decimal(18, 2)
        ) as difference_amount
    from summed
),

final as (
    select
        {{ surrogate_key(['ledger_month']) }} as cost_reconciliation_key,
        ledger_month as month,
        unconverted_count = 0 as is_supplied,
        coalesce(difference_amount = 0, false) as is_closed,
        case
            when unconverted_count > 0
                then concat(
                    'Ledger rows without an exchange rate for ',
                    substr(cast(ledger_month as {{ dbt.type_string() }}), 1, 7), ': ',
                    cast(unconverted_count as {{ dbt.type_string() }})
                )
        end as held_reason,
        ledger_amount,
        assigned_amount,
        cast(assigned_amount - internal_amount as decimal(18, 2)) as accounts_amount,
        internal_amount,
        unused_amount,
        sustaining_amount,
        unallocated_amount,
        channel_amount,
        corporate_amount,
        uncosted_amount,
        difference_amount,
        '{{ var("reporting_currency") }}' as currency
    from compared
)

select * from final
