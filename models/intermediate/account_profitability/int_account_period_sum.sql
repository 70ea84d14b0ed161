with periods as (select * from {{ ref('int_profit_period_find') }}),
account_months as (select * from {{ ref('rpt_account_profitability') }}),
accounts as (select * from {{ ref('dim_accounts') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

sums as (
    select
        periods.period_code,
        periods.counted_until_date,
        account_months.account_id,
        bool_or(not account_months.is_supplied) as is_held,
        sum(account_months.revenue_amount) as revenue_amount,
        sum(account_months.gross_profit_amount) as gross_profit_amount,
        sum(account_months.cost_to_serve_amount) as cost_to_serve_amount,
        sum(account_months.net_profit_amount) as profit_amount,
        max(account_months.currency) as currency
    from periods
    inner join account_months
        on account_months.month between periods.period_start and periods.counted_until_date
    group by periods.period_code, periods.counted_until_date, account_months.account_id
),

-- without a date of its own, an account is a customer from its first month with revenue on
first_months as (
    select
        account_id,
        coalesce(min(month) filter (where revenue_amount <> 0), min(month)) as first_month
    from account_months
    group by account_id
),

-- the day after the last one counted is the first of a month, so that only a start on a later day
-- than the first leaves the last month unfinished
dated as (
    select
        sums.*,
        coalesce(accounts.customer_since, first_months.first_month) as customer_since,
        {{ add_days('sums.counted_until_date', 1) }} as day_after
    from sums
    inner join first_months on sums.account_id = first_months.account_id
    left join accounts on sums.account_id = accounts.account_id and accounts.is_current
),

aged as (
    select
        *,
        12 * (extract(year from day_after) - extract(year from customer_since))
        + extract(month from day_after) - extract(month from customer_since)
        - case when extract(day from customer_since) > 1 then 1 else 0 end as customer_months
    from dated
),

final as (
    select
        {{ surrogate_key(['aged.period_code', 'aged.account_id']) }} as account_period_key,
        aged.period_code,
        aged.account_id,
        aged.is_held,
        not aged.is_held and aged.account_id <> 'unknown' as is_ranked,
        aged.customer_months < thresholds.new_account_months as is_new_account,
        cast(aged.revenue_amount as decimal(18, 2)) as revenue_amount,
        cast(aged.gross_profit_amount as decimal(18, 2)) as gross_profit_amount,
        cast(aged.cost_to_serve_amount as decimal(18, 2)) as cost_to_serve_amount,
        cast(aged.profit_amount as decimal(18, 2)) as profit_amount,
        aged.currency
    from aged
    cross join thresholds
)

select * from final
