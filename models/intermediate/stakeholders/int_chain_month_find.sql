-- one row per account and month that is over, in which it was served or somebody answered
with contracts as (select * from {{ ref('stg_contract') }}),
scores as (select * from {{ ref('int_survey_item_score') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

firsts as (
    select min(starts_on) as first_date
    from contracts
    union all
    select min(month) as first_date
    from scores
),

-- a first contract may still be to come
bounds as (
    select
        least(min(firsts.first_date), min(as_of.as_of_date)) as first_date,
        min(as_of.as_of_date) as last_date
    from as_of
    cross join firsts
),

days as (
    select {{ date_series('first_date', 'last_date') }} as date_day
    from bounds
),

months as (
    select
        {{ month_start('days.date_day') }} as month,
        max(days.date_day) as last_date
    from days
    cross join as_of
    where {{ month_is_over(month_start('days.date_day'), 'as_of.known_until_at') }}
    group by {{ month_start('days.date_day') }}
),

found as (
    select
        contracts.account_id,
        months.month
    from contracts
    inner join months
        on contracts.starts_on <= months.last_date and contracts.ends_on >= months.month
    union
    select
        account_id,
        month
    from scores
    where chain_role <> 'staff'
),

final as (
    select
        found.account_id,
        found.month,
        months.last_date,
        -- who left before has hardly been asked in the month
        {{ add_days('months.month', 4) }} as asked_date,
        cast({{ add_days('months.last_date', 1) }} as timestamp) as ended_at
    from found
    inner join months on found.month = months.month
)

select * from final
