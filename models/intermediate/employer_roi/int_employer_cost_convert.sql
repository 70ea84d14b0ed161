-- one row per landed cost of an employer: what it is and its amount in the reporting currency
with employer_costs as (select * from {{ ref('stg_employer_cost') }}),
rates as (select * from {{ ref('int_exchange_rate_find') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

costs as (
    select
        employer_cost_id,
        account_id,
        {{ month_start('month') }} as month,
        cost_type,
        cost_type in ('sme_time', 'manager_time', 'paid_learning_time') as is_hidden,
        coalesce(
            cast(amount as double),
            cast(minutes as double) / 60 * cast(hourly_rate as double)
        ) as landed_amount,
        minutes,
        currency
    from employer_costs
),

converted as (
    select
        costs.*,
        case
            when costs.currency = '{{ var("reporting_currency") }}' then cast(1 as double)
            else cast(rates.rate as double)
        end as rate
    from costs
    inner join as_of on costs.month < as_of.known_before_at
    left join rates on costs.month = rates.month and costs.currency = rates.from_currency
)

select
    employer_cost_id,
    account_id,
    month,
    cost_type,
    is_hidden,
    minutes,
    {{ whole_cents('landed_amount * rate') }} as amount,
    case
        when landed_amount is null
            then concat(
                'a cost of ', substring(cast(month as {{ dbt.type_string() }}), 1, 7),
                ' has neither an amount nor minutes and a rate'
            )
        when rate is null
            then {{ missing_rate_reason('currency', 'month') }}
    end as missing
from converted
