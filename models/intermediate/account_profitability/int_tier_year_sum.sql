-- one row per account and quarter: its profit and loss of the year before, and of the year from it
with quarters as (select * from {{ ref('int_tier_quarter_expand') }}),
profits as (select * from {{ ref('rpt_account_profitability') }}),
closes as (select * from {{ ref('int_profit_close_find') }}),

years as (
    select
        quarters.*,
        {{ add_months('quarters.quarter_start', -12) }} as year_before_start,
        {{ add_months('quarters.quarter_start', 12) }} as year_after_end,
        closes.closed_month
    from quarters
    cross join closes
),

year_before as (
    select
        years.account_id,
        years.quarter_start,
        cast(count(*) as int) as profit_months_count,
        cast(sum(case when profits.is_supplied then 0 else 1 end) as int) as held_months_count,
        -- an amount that is not known in one month is not known of the year
        case
            when count(profits.revenue_amount) = count(*)
                then cast(sum(profits.revenue_amount) as decimal(18, 2))
        end as revenue_amount,
        case
            when count(profits.cost_to_serve_amount) = count(*)
                then cast(sum(profits.cost_to_serve_amount) as decimal(18, 2))
        end as cost_to_serve_amount,
        case
            when count(profits.net_profit_amount) = count(*)
                then cast(sum(profits.net_profit_amount) as decimal(18, 2))
        end as net_profit_amount
    from years
    inner join profits
        on
            years.account_id = profits.account_id
            and years.year_before_start <= profits.month
            and years.quarter_start > profits.month
            -- before the ledger of a month has landed, the month counts for nobody
            and profits.month <= coalesce(years.closed_month, profits.month)
    group by years.account_id, years.quarter_start
),

year_after as (
    select
        years.account_id,
        years.quarter_start,
        case
            when count(profits.net_profit_amount) = count(*)
                then cast(sum(profits.net_profit_amount) as decimal(18, 2))
        end as net_profit_amount
    from years
    inner join profits
        on
            years.account_id = profits.account_id
            and years.quarter_start <= profits.month
            and years.year_after_end > profits.month
    group by years.account_id, years.quarter_start
),

final as (
    select
        years.account_id,
        years.quarter_start,
        years.quarter_no,
        years.is_present,
        years.override_tier,
        years.override_reason,
        coalesce(year_before.profit_months_count, 0) as profit_months_count,
        coalesce(year_before.held_months_count, 0) as held_months_count,
        year_before.revenue_amount,
        year_before.cost_to_serve_amount,
        year_before.net_profit_amount,
        coalesce(years.year_after_end <= {{ add_months('years.closed_month', 1) }}, false)
            as is_year_after_over,
        case
            when coalesce(years.year_after_end > {{ add_months('years.closed_month', 1) }}, true)
                then null
            -- nothing billed, spent or worked in a year that is over is nothing
            when year_after.account_id is null then cast(0 as decimal(18, 2))
            else year_after.net_profit_amount
        end as next_net_profit_amount
    from years
    left join year_before
        on
            years.account_id = year_before.account_id
            and years.quarter_start = year_before.quarter_start
    left join year_after
        on
            years.account_id = year_after.account_id
            and years.quarter_start = year_after.quarter_start
)

select * from final
