-- one row per account, index month and job level: who enrolled, and what they were paid
with trials as (select * from {{ ref('int_trial_observe') }}),
rates as (select * from {{ ref('int_exchange_rate_find') }}),

participants as (
    select
        account_id,
        index_month,
        coalesce(cast(job_level as {{ dbt.type_string() }}), 'unknown') as level_code,
        base_pay_annual,
        currency
    from trials
    where arm = 'treated' and is_in_evaluation
),

last_months as (
    select
        account_id,
        max(index_month) as last_month
    from trials
    where is_in_evaluation
    group by account_id
),

-- pay is converted at the rate of the last month of the period, as the value parameters are
priced as (
    select
        participants.*,
        last_months.last_month as rate_month,
        case
            when participants.currency = '{{ var("reporting_currency") }}' then cast(1 as double)
            else cast(rates.rate as double)
        end as rate
    from participants
    inner join last_months on participants.account_id = last_months.account_id
    left join rates
        on
            last_months.last_month = rates.month
            and participants.currency = rates.from_currency
)

select
    account_id,
    index_month,
    level_code,
    rate_month,
    cast(count(*) as bigint) as participants_count,
    cast(count(base_pay_annual * rate) as bigint) as pay_known_count,
    coalesce({{ exact_sum('base_pay_annual * rate') }}, cast(0 as double)) as pay_total,
    min(
        case
            when base_pay_annual is not null and currency is null
                then 'pay without a currency'
            when base_pay_annual is not null and rate is null
                then {{ missing_rate_reason('currency', 'rate_month') }}
        end
    ) as missing
from priced
group by account_id, index_month, level_code, rate_month
