-- one row per account and quarter, from its first quarter to the one that runs on the as-of date
with ratings as (select * from {{ ref('stg_account_rating') }}),
decisions as (select * from {{ ref('stg_tier_decision') }}),
profits as (select * from {{ ref('rpt_account_profitability') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

known as (
    select
        account_id,
        quarter_start as known_date
    from ratings
    union
    select
        account_id,
        quarter_start as known_date
    from decisions
    union
    select
        account_id,
        month as known_date
    from profits
),

-- what belongs to an account that nobody knows makes no account
present as (
    select
        known.account_id,
        cast(date_trunc('quarter', known.known_date) as date) as quarter_start
    from known
    inner join as_of on known.known_date <= as_of.as_of_date
    where known.account_id <> 'unknown'
    group by known.account_id, cast(date_trunc('quarter', known.known_date) as date)
),

bounds as (
    select
        min(present.quarter_start) as first_date,
        max(as_of.as_of_date) as last_date
    from present
    cross join as_of
),

days as (
    select {{ date_series('first_date', 'last_date') }} as date_day
    from bounds
),

quarters as (
    select cast(date_trunc('quarter', date_day) as date) as quarter_start
    from days
    group by cast(date_trunc('quarter', date_day) as date)
),

firsts as (
    select
        account_id,
        min(quarter_start) as first_quarter_start
    from present
    group by account_id
),

decided as (
    select
        decisions.account_id,
        cast(date_trunc('quarter', decisions.quarter_start) as date) as decided_quarter_start,
        cast(decisions.tier as int) as override_tier,
        decisions.reason as override_reason
    from decisions
    inner join as_of on decisions.quarter_start <= as_of.as_of_date
    -- of several in a quarter, the last
    qualify
        row_number() over (
            partition by
                decisions.account_id,
                cast(date_trunc('quarter', decisions.quarter_start) as date)
            order by decisions.quarter_start desc
        ) = 1
),

final as (
    select
        firsts.account_id,
        quarters.quarter_start,
        -- counts quarters, so that the one before is one less
        cast(
            4 * extract(year from quarters.quarter_start)
            + extract(quarter from quarters.quarter_start) as int
        ) as quarter_no,
        present.account_id is not null as is_present,
        decided.override_tier,
        decided.override_reason
    from firsts
    inner join quarters on firsts.first_quarter_start <= quarters.quarter_start
    left join present
        on
            firsts.account_id = present.account_id
            and quarters.quarter_start = present.quarter_start
    left join decided
        on
            firsts.account_id = decided.account_id
            and quarters.quarter_start = decided.decided_quarter_start
)

select * from final
