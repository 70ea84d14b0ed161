-- one row per account ('all' too) with a return and month: how much of the benefit has come back
with judged as (select * from {{ ref('int_roi_account_judge') }}),
pools as (select * from {{ ref('int_roi_pool_expand') }}),
participants as (select * from {{ ref('int_roi_participant_count') }}),

spans as (
    select
        account_code,
        period_start,
        {{ add_months(month_start('period_end'), 12) }} as last_month
    from judged
    where is_estimable
),

days as (
    select
        account_code,
        period_start,
        {{ date_series('period_start', 'last_month') }} as date_day
    from spans
),

months as (
    select
        account_code,
        period_start,
        date_day as month,
        cast(
            12 * (extract(year from date_day) - extract(year from period_start))
            + extract(month from date_day) - extract(month from period_start) + 1 as int
        ) as month_no
    from days
    where date_day = {{ month_start('date_day') }}
),

enrolled as (
    select
        pools.account_code,
        participants.index_month,
        sum(participants.participants_count) as enrolled_count
    from pools
    inner join participants on pools.account_id = participants.account_id
    group by pools.account_code, participants.index_month
),

-- a participant's year: the twelve months after the one of enrolling
participant_months as (
    select
        months.account_code,
        months.month,
        months.month_no,
        cast(coalesce(sum(enrolled.enrolled_count), 0) as double) as participants_count
    from months
    left join enrolled
        on
            months.account_code = enrolled.account_code
            and months.month > enrolled.index_month
            and months.month <= {{ add_months('enrolled.index_month', 12) }}
    group by months.account_code, months.month, months.month_no
)

select
    account_code,
    month,
    month_no,
    sum(participants_count) over (
        partition by account_code order by month
        rows between unbounded preceding and current row
    ) / sum(participants_count) over (partition by account_code) as elapsed_share
from participant_months
