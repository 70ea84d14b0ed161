-- one row per account and window: its recurring revenue at both ends, and at the opening's rates
with positions as (select * from {{ ref('int_arr_position_find') }}),
windows as (select * from {{ ref('int_arr_window_find') }}),
rates as (select * from {{ ref('int_exchange_rate_find') }}),

sides as (
    select
        windows.window_months,
        windows.window_start,
        windows.window_end,
        windows.opening_month,
        windows.closing_month,
        positions.account_id,
        positions.currency,
        positions.local_annual_value as opening_local,
        cast(0 as decimal(18, 4)) as closing_local
    from positions
    inner join windows on positions.month = windows.opening_month
    union all
    select
        windows.window_months,
        windows.window_start,
        windows.window_end,
        windows.opening_month,
        windows.closing_month,
        positions.account_id,
        positions.currency,
        cast(0 as decimal(18, 4)) as opening_local,
        positions.local_annual_value as closing_local
    from positions
    inner join windows on positions.month = windows.closing_month
),

currencies as (
    select
        window_months,
        window_start,
        window_end,
        opening_month,
        closing_month,
        account_id,
        currency,
        cast(sum(opening_local) as decimal(18, 4)) as opening_local,
        cast(sum(closing_local) as decimal(18, 4)) as closing_local
    from sides
    group by
        window_months, window_start, window_end, opening_month, closing_month, account_id, currency
),

rated as (
    select
        currencies.*,
        cast(
            case
                when currencies.currency = '{{ var("reporting_currency") }}' then 1
                else opening_rates.rate
            end as decimal(18, 8)
        ) as opening_rate,
        cast(
            case
                when currencies.currency = '{{ var("reporting_currency") }}' then 1
                else closing_rates.rate
            end as decimal(18, 8)
        ) as closing_rate
    from currencies
    left join rates as opening_rates
        on
            currencies.opening_month = opening_rates.month
            and currencies.currency = opening_rates.from_currency
    left join rates as closing_rates
        on
            currencies.closing_month = closing_rates.month
            and currencies.currency = closing_rates.from_currency
),

-- nothing needs no rate; an account that brought nothing at the opening needs none of then
needed as (
    select
        *,
        sum(opening_local) over (partition by account_id, window_end, window_months) > 0
            as is_opening,
        sum(closing_local) over (partition by account_id, window_end, window_months) > 0
            as is_closing
    from rated
),

valued as (
    select
        window_months,
        window_start,
        window_end,
        opening_month,
        account_id,
        is_opening,
        is_closing,
        case when opening_local > 0 then {{ at_rate('opening_local', 'opening_rate') }} else 0 end
            as opening_value,
        case when closing_local > 0 then {{ at_rate('closing_local', 'opening_rate') }} else 0 end
            as constant_value,
        case when closing_local > 0 then {{ at_rate('closing_local', 'closing_rate') }} else 0 end
            as closing_value,
        case
            when opening_rate is null and is_opening
                then {{ missing_rate_reason('currency', 'opening_month') }}
            when closing_rate is null and closing_local > 0
                then {{ missing_rate_reason('currency', 'closing_month') }}
        end as missing
    from needed
),

-- a sum with a part that is not known is not known
final as (
    select
        window_months,
        window_start,
        window_end,
        opening_month,
        account_id,
        is_opening,
        is_closing,
        case when count(*) = count(opening_value) then {{ whole_cents('sum(opening_value)') }} end
            as opening_amount,
        case
            when count(*) = count(constant_value) then {{ whole_cents('sum(constant_value)') }}
        end as constant_amount,
        case when count(*) = count(closing_value) then {{ whole_cents('sum(closing_value)') }} end
            as closing_amount,
        min(missing) as reason
    from valued
    group by
        window_months, window_start, window_end, opening_month, account_id, is_opening, is_closing
)

select * from final
