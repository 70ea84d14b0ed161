-- one row per month and currency: its rate into the reporting currency
with rates as (select * from {{ ref('stg_fx_rate') }})

select
    {{ month_start('rate_month') }} as month,
    from_currency,
    -- two rates of one month are as good as none: nobody knows which is right
    cast(case when count(*) = 1 then max(rate) end as decimal(18, 8)) as rate
from rates
where to_currency = '{{ var("reporting_currency") }}'
group by {{ month_start('rate_month') }}, from_currency
