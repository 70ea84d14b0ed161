with lines as (select * from {{ ref('fct_profit_lines') }}),
holds as (select * from {{ ref('int_profit_hold_find') }}),

-- what is nothing all over is no account's month: an entry of 0.00, work of no quantity
account_months as (
    select
        account_id,
        month
    from lines
    where not is_supplied or amount <> 0
    union
    select
        account_id,
        month
    from holds
    where gap_code <> 'not_landed'
),

summed as (
    select
        account_id,
        month,
        sum(amount) filter (where line_group = 'revenue') as revenue_amount,
        sum(amount) filter (where line_group = 'pass_through') as pass_through_amount,
        sum(amount) filter (where line_group = 'pass_through_cost') as pass_through_cost_amount,
        sum(amount) filter (where line_group = 'direct_cost') as direct_cost_amount,
        sum(amount) filter (where line_group = 'cost_to_serve') as cost_to_serve_amount,
        sum(amount) filter (where line_group = 'sustaining_cost') as sustaining_cost_amount
    from lines
    group by account_id, month
),

held_parts as (
    select
        account_id,
        month,
        bool_or(part = 'revenue') as holds_revenue,
        bool_or(part = 'pass_through') as holds_pass_through,
        bool_or(part = 'pass_through_cost') as holds_pass_through_cost,
        bool_or(part = 'direct_cost') as holds_direct_cost,
        bool_or(part = 'cost_to_serve') as holds_cost_to_serve,
        bool_or(part = 'sustaining_cost') as holds_sustaining_cost
    from holds
    group by account_id, month
),

-- one thing that is missing may hold several parts
reasons as (
    select
        account_id,
        month,
        reason
    from holds
    group by account_id, month, reason
),

held_reasons as (
    select
        account_id,
        month,
        concat(
            min(reason),
            case
                when count(*) > 1
                    then concat(' (and ', cast(count(*) - 1 as {{ dbt.type_string() }}), ' more)')
                else ''
            end
        ) as held_reason
    from reasons
    group by account_id, month
),

-- an amount that is held is not known; one without a line is known to be nothing
parts as (
    select
        account_months.account_id,
        account_months.month,
        held_reasons.held_reason,
        case
            when coalesce(held_parts.holds_revenue, false) then cast(null as decimal(18, 2))
            else coalesce(cast(summed.revenue_amount as decimal(18, 2)), 0)
        end as revenue_amount,
        case
            when coalesce(held_parts.holds_pass_through, false) then cast(null as decimal(18, 2))
            else coalesce(cast(summed.pass_through_amount as decimal(18, 2)), 0)
        end as pass_through_amount,
        case
            when coalesce(held_parts.holds_pass_through_cost, false)
                then cast(null as decimal(18, 2))
            else coalesce(cast(summed.pass_through_cost_amount as decimal(18, 2)), 0)
        end as pass_through_cost_amount,
        case
            when coalesce(held_parts.holds_direct_cost, false) then cast(null as decimal(18, 2))
            else coalesce(cast(summed.direct_cost_amount as decimal(18, 2)), 0)
        end as direct_cost_amount,
        case
            when coalesce(held_parts.holds_cost_to_serve, false) then cast(null as decimal(18, 2))
            else coalesce(cast(summed.cost_to_serve_amount as decimal(18, 2)), 0)
        end as cost_to_serve_amount,
        case
            when coalesce(held_parts.holds_sustaining_cost, false)
                then cast(null as decimal(18, 2))
            else coalesce(cast(summed.sustaining_cost_amount as decimal(18, 2)), 0)
        end as sustaining_cost_amount
    from account_months
    left join summed
        on
            account_months.account_id = summed.account_id
            and account_months.month = summed.month
    left join held_parts
        on
            account_months.account_id = held_parts.account_id
            and account_months.month = held_parts.month
    left join held_reasons
        on
            account_months.account_id = held_reasons.account_id
            and account_months.month = held_reasons.month
),

final as (
    select
        {{ surrogate_key(['account_id', 'month']) }} as account_profitability_key,
        account_id,
        month,
        held_reason is null as is_supplied,
        held_reason,
        revenue_amount,
        pass_through_amount,
        pass_through_cost_amount,
        direct_cost_amount,
        cast(revenue_amount - direct_cost_amount as decimal(18, 2)) as gross_profit_amount,
        cost_to_serve_amount,
        sustaining_cost_amount,
        case
            when held_reason is null
                then cast(
                    revenue_amount - direct_cost_amount - cost_to_serve_amount
                    - sustaining_cost_amount as decimal(18, 2)
                )
        end as net_profit_amount,
        '{{ var("reporting_currency") }}' as currency
    from parts
)

select * from final
