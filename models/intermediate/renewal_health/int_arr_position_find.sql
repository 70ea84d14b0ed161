-- one row per contract and month on whose last day it brings annual recurring revenue
with terms as (select * from {{ ref('int_contract_term_resolve') }}),
windows as (select * from {{ ref('int_arr_window_find') }}),
rates as (select * from {{ ref('int_exchange_rate_find') }}),

in_force as (
    select
        terms.contract_id,
        terms.account_id,
        windows.closing_month as month,
        terms.currency,
        case
            when windows.window_end <= terms.served_until then terms.local_annual_value
            else terms.local_new_annual_value
        end as local_annual_value
    from terms
    inner join windows
        on
            terms.starts_on <= windows.window_end
            and coalesce(terms.extended_until, terms.served_until) >= windows.window_end
    where windows.window_months = 1 and terms.starts_on <= terms.ends_on
)

select
    in_force.contract_id,
    in_force.account_id,
    in_force.month,
    in_force.currency,
    in_force.local_annual_value,
    cast(
        case
            when in_force.currency = '{{ var("reporting_currency") }}' then 1
            else rates.rate
        end as decimal(18, 8)
    ) as rate
from in_force
left join rates on in_force.month = rates.month and in_force.currency = rates.from_currency
where in_force.local_annual_value > 0
