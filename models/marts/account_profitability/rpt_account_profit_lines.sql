with periods as (select * from {{ ref('int_profit_period_find') }}),
curve as (select * from {{ ref('rpt_whale_curve') }}),
lines as (select * from {{ ref('int_profit_line_sum') }}),

-- an account for which nothing but tuition was passed through has a statement, of nothing
ranked as (
    select
        period_code,
        account_id
    from curve
    union all
    select
        period_code,
        'all' as account_id
    from curve
    group by period_code
),

statements as (
    select
        ranked.period_code,
        ranked.account_id,
        sum(case when lines.group_order = 1 then lines.amount else 0 end) as revenue,
        sum(case when lines.group_order <= 2 then lines.amount else 0 end) as gross_profit,
        coalesce(sum(lines.amount), 0) as net_profit
    from ranked
    left join lines
        on
            ranked.period_code = lines.period_code
            and ranked.account_id = lines.account_id
    group by ranked.period_code, ranked.account_id
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
    from lines
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
