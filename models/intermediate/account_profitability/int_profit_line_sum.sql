with periods as (select * from {{ ref('int_profit_period_find') }}),
curve as (select * from {{ ref('rpt_whale_curve') }}),
profit_lines as (select * from {{ ref('fct_profit_lines') }}),

account_lines as (
    select
        curve.period_code,
        curve.account_id,
        profit_lines.line_group,
        profit_lines.line_code,
        sum(
            case
                when profit_lines.line_group = 'revenue' then profit_lines.amount
                else -profit_lines.amount
            end
        ) as amount
    from curve
    inner join periods on curve.period_code = periods.period_code
    inner join profit_lines
        on
            curve.account_id = profit_lines.account_id
            and profit_lines.month between periods.period_start and periods.counted_until_date
    where
        profit_lines.line_group in ('revenue', 'direct_cost', 'cost_to_serve', 'sustaining_cost')
    group by
        curve.period_code, curve.account_id, profit_lines.line_group, profit_lines.line_code
),

lines as (
    select
        period_code,
        account_id,
        line_group,
        line_code,
        amount
    from account_lines
    union all
    select
        period_code,
        'all' as account_id,
        line_group,
        line_code,
        sum(amount) as amount
    from account_lines
    group by period_code, line_group, line_code
),

final as (
    select
        period_code,
        account_id,
        line_group,
        line_code,
        case line_group
            when 'revenue' then 1
            when 'direct_cost' then 2
            when 'cost_to_serve' then 4
            else 5
        end as group_order,
        amount
    from lines
)

select * from final
