-- one row per account, role and month with a contact known: named people, and talk with them
with months as (select * from {{ ref('int_chain_month_find') }}),
stints as (select * from {{ ref('int_contact_stint_resolve') }}),
touchpoints as (select * from {{ ref('stg_touchpoint') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

talks as (
    select
        account_id,
        contact_id,
        held_at
    from touchpoints
    where two_way and held_at is not null
),

-- a person who has changed role keeps the talks, but they were with the role held then
role_talks as (
    select
        stints.account_id,
        stints.chain_role,
        talks.held_at
    from stints
    inner join talks
        on
            stints.account_id = talks.account_id
            and stints.contact_id = talks.contact_id
            and stints.valid_from <= cast(talks.held_at as date)
            and coalesce(stints.valid_to >= cast(talks.held_at as date), true)
),

last_talks as (
    select
        months.account_id,
        months.month,
        role_talks.chain_role,
        max(role_talks.held_at) as last_held_at
    from months
    inner join role_talks
        on months.account_id = role_talks.account_id and months.ended_at > role_talks.held_at
    group by months.account_id, months.month, role_talks.chain_role
),

active_contacts as (
    select
        months.account_id,
        months.month,
        talks.contact_id
    from months
    cross join thresholds
    inner join talks
        on
            months.account_id = talks.account_id
            and months.ended_at > talks.held_at
            and {{ add_days('months.last_date', '1 - thresholds.touch_active_days') }}
            <= cast(talks.held_at as date)
    group by months.account_id, months.month, talks.contact_id
),

held as (
    select
        months.account_id,
        months.month,
        months.last_date,
        stints.chain_role,
        stints.contact_id,
        active_contacts.contact_id is not null as is_talked_to,
        stints.valid_from <= months.last_date
        and coalesce(stints.valid_to >= months.last_date, true) as is_named,
        stints.valid_from <= months.last_date
        and coalesce(stints.valid_to >= months.asked_date, true) as is_asked,
        stints.valid_from <= {{ add_months('months.month', -11) }}
        and coalesce(stints.valid_to >= {{ add_months('months.month', -11) }}, true)
            as is_named_then,
        stints.is_start and stints.valid_from between months.month and months.last_date
            as is_started,
        stints.is_end and stints.valid_to between months.month and months.last_date as is_ended,
        stints.is_end
        and stints.valid_to between {{ add_months('months.month', -11) }} and months.last_date
            as is_ended_in_year,
        stints.is_start
        and not stints.is_first
        and stints.valid_from between {{ add_months('months.month', -2) }} and months.last_date
        or stints.is_end
        and stints.valid_to between {{ add_months('months.month', -2) }} and months.last_date
            as is_recent_change
    from months
    inner join stints on months.account_id = stints.account_id
    left join active_contacts
        on
            months.account_id = active_contacts.account_id
            and months.month = active_contacts.month
            and stints.contact_id = active_contacts.contact_id
),

final as (
    select
        held.account_id,
        held.chain_role,
        held.month,
        cast(count(distinct case when held.is_named then held.contact_id end) as bigint)
            as named_count,
        cast(
            count(distinct case when held.is_named and held.is_talked_to then held.contact_id end)
            as bigint
        ) as active_count,
        cast(count(distinct case when held.is_asked then held.contact_id end) as bigint)
            as asked_count,
        cast(count(distinct case when held.is_named_then then held.contact_id end) as bigint)
            as named_year_ago_count,
        cast(count_if(held.is_started) as bigint) as contacts_started_count,
        cast(count_if(held.is_ended) as bigint) as contacts_ended_count,
        cast(count_if(held.is_ended_in_year) as bigint) as ended_in_year_count,
        bool_or(held.is_recent_change) as has_recent_change,
        {{ days_between('max(last_talks.last_held_at)', 'max(held.last_date)') }}
            as days_since_touch
    from held
    left join last_talks
        on
            held.account_id = last_talks.account_id
            and held.month = last_talks.month
            and held.chain_role = last_talks.chain_role
    group by held.account_id, held.chain_role, held.month
)

select * from final
