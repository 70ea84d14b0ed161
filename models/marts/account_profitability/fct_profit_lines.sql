with money as (select * from {{ ref('int_money_line_convert') }}),
activity_costs as (select * from {{ ref('fct_activity_costs') }}),

lines as (
    select
        account_id,
        month,
        line_group,
        line_code,
        amount
    from money
    where account_id <> 'none'
    union all
    select
        account_id,
        month,
        'cost_to_serve' as line_group,
        function_code as line_code,
        cost_amount as amount
    from activity_costs
    where account_id <> 'internal'
),

summed as (
    select
        account_id,
        month,
        line_group,
        line_code,
        {{ known_sum('amount') }} as amount
    from lines
    group by account_id, month, line_group, line_code
),

final as (
    select
        {{ surrogate_key(['account_id', 'month', 'line_group', 'line_code']) }} as profit_line_key,
        account_id,
        month,
        line_group,
        line_code,
        amount is not null as is_supplied,
        amount,
        '{{ var("reporting_currency") }}' as currency
    from summed
)

select * from final
