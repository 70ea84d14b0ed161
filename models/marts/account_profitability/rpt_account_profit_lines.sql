with periods as (select * from {{ ref('int_profit_period_find') }}),
curve as (select * from {{ ref('rpt_whale_curve') }}),
profit_lines as (select * from {{ ref('fct_profit_lines') }}),

-- what a line adds to the profit of an account, and of all that are ranked
lines as (
    select
        curve.period_code,
        {{ all_or('curve.account_id') }} as account_id,
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
    group by grouping sets (
        (curve.period_code, profit_lines.line_group, profit_lines.line_code, curve.account_id),
        (curve.period_code, profit_lines.line_group, profit_lines.line_code)
    )
),

ordered as (
    select
        *,
        case line_group
            when 'revenue' then 1
            when 'direct_cost' then 2
            when 'cost_to_serve' then 4
            else 5
        end as group_order
    from lines
),

statements as (
    select
        period_code,
        account_id,
        sum(case when group_order = 1 then amount else 0 end) as revenue,
        sum(case when group_order <= 2 then amount else 0 end) as gross_profit,
        sum(amount) as net_profit
    from ordered
    group by period_code, account_id
),

statement_lines as (
    select
        period_code,
        account_id,
        line_group,
        line_code,
        group_order,
        amount,
        sum(amount) over (
            partition by period_code, account_id
            order by group_order asc, abs(amount) desc, line_code asc
            rows between unbounded preceding and current row
        ) as ends_at
    from ordered
    union all
    select
        period_code,
        account_id,
        'gross_profit' as line_group,
        'total' as line_code,
        3 as group_order,
        gross_profit as amount,
        gross_profit as ends_at
    from statements
    union all
    select
        period_code,
        account_id,
        'net_profit' as line_group,
        'total' as line_code,
        6 as group_order,
        net_profit as amount,
        net_profit as ends_at
    from statements
),

shared as (
    select
        statement_lines.*,
        case
            when statements.revenue > 0
                then {{ rate('statement_lines.amount', 'statements.revenue') }}
        end as revenue_share
    from statement_lines
    inner join statements
        on
            statement_lines.period_code = statements.period_code
            and statement_lines.account_id = statements.account_id
),

final as (
    select
        {{ surrogate_key([
            'shared.period_code', 'shared.account_id', 'shared.line_group', 'shared.line_code'
        ]) }} as account_profit_line_key,
        shared.period_code,
        shared.account_id,
        shared.line_group,
        shared.line_code,
        cast(row_number() over (
            partition by shared.period_code, shared.account_id
            order by shared.group_order asc, abs(shared.amount) desc, shared.line_code asc
        ) as bigint) as line_no,
        cast(shared.amount as decimal(18, 2)) as amount,
        cast(shared.ends_at - shared.amount as decimal(18, 2)) as starts_at_amount,
        cast(shared.ends_at as decimal(18, 2)) as ends_at_amount,
        shared.revenue_share,
        earlier.revenue_share as prior_revenue_share,
        everybody.revenue_share as all_revenue_share,
        '{{ var("reporting_currency") }}' as currency
    from shared
    inner join periods on shared.period_code = periods.period_code
    inner join shared as everybody
        on
            shared.period_code = everybody.period_code
            and shared.line_group = everybody.line_group
            and shared.line_code = everybody.line_code
            and everybody.account_id = 'all'
    left join shared as earlier
        on
            periods.prior_period_code = earlier.period_code
            and shared.account_id = earlier.account_id
            and shared.line_group = earlier.line_group
            and shared.line_code = earlier.line_code
)

select * from final
