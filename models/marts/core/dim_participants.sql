with participants as (select * from {{ ref('stg_participant') }}),
accounts as (select * from {{ ref('dim_accounts') }}),
time_zones as (select * from {{ ref('time_zones') }}),
links as (select * from {{ ref('int_participant_link') }}),
orphans as (select * from {{ ref('int_orphan_find') }}),

-- a participant that others name but that never landed: kept, flagged, healed when it lands
members as (
    select
        participant_id,
        account_id,
        timezone,
        false as is_inferred
    from participants
    union all
    select distinct
        missing_id as participant_id,
        'unknown' as account_id,
        cast(null as {{ dbt.type_string() }}) as timezone,
        true as is_inferred
    from orphans
    where parent_entity = 'participant'
),

final as (
    select
        members.participant_id,
        members.account_id,
        links.worker_id,
        coalesce(links.link_method, 'unlinked') as link_method,
        -- a name that nobody knows is as good as none
        coalesce(own_zones.time_zone, account_zones.time_zone, 'UTC') as timezone,
        members.is_inferred,
        links.linked_at
    from members
    left join links on members.participant_id = links.participant_id
    left join accounts on members.account_id = accounts.account_id and accounts.is_current
    left join time_zones as own_zones on members.timezone = own_zones.time_zone
    left join time_zones as account_zones on accounts.timezone = account_zones.time_zone
)

select * from final
