-- one row per account and month: the contracts that brought most, lost most, and weigh most abroad
with positions as (select * from {{ ref('int_arr_position_find') }}),
windows as (select * from {{ ref('int_arr_window_find') }}),

closings as (
    select
        positions.*,
        positions.month as window_month
    from positions
),

openings as (
    select
        positions.*,
        windows.closing_month as window_month
    from positions
    inner join windows on positions.month = windows.opening_month and windows.window_months = 1
),

changes as (
    select
        coalesce(closings.contract_id, openings.contract_id) as contract_id,
        coalesce(closings.account_id, openings.account_id) as account_id,
        coalesce(closings.window_month, openings.window_month) as month,
        coalesce(closings.local_annual_value, 0) - coalesce(openings.local_annual_value, 0)
            as local_change,
        coalesce(closings.currency, openings.currency) as currency,
        coalesce(closings.local_annual_value, 0) as closing_local,
        coalesce(closings.rate, openings.rate, 0) as rate
    from openings
    full outer join closings
        on
            openings.contract_id = closings.contract_id
            and openings.window_month = closings.window_month
),

weighed as (
    select
        *,
        {{ at_rate('local_change', 'rate') }} as change_value,
        {{ at_rate('closing_local', 'rate') }} as closing_value
    from changes
),

ranked as (
    select
        account_id,
        month,
        contract_id,
        row_number() over (
            partition by account_id, month order by -change_value, contract_id
        ) as gain_rank,
        row_number() over (
            partition by account_id, month order by change_value, contract_id
        ) as loss_rank,
        row_number() over (
            partition by account_id, month
            order by
                case
                    when closing_local > 0 and currency <> '{{ var("reporting_currency") }}' then 0
                    else 1
                end,
                -closing_value,
                contract_id
        ) as foreign_rank
    from weighed
)

select
    account_id,
    month,
    max(case when gain_rank = 1 then contract_id end) as gaining_contract_id,
    max(case when loss_rank = 1 then contract_id end) as losing_contract_id,
    max(case when foreign_rank = 1 then contract_id end) as foreign_contract_id
from ranked
group by account_id, month
