with participants as (select * from {{ ref('stg_participant') }}),
enrollments as (select * from {{ ref('stg_enrollment') }}),

-- a participant that an enrollment names but that never landed: kept, flagged, healed when it lands
inferred as (
    select distinct enrollments.participant_id
    from enrollments
    left join participants on enrollments.participant_id = participants.participant_id
    where participants.participant_id is null
),

final as (
    select
        participant_id,
        account_id,
        cast(null as {{ dbt.type_string() }}) as worker_id,
        'unlinked' as link_method,
        timezone,
        false as is_inferred,
        cast(null as timestamp) as linked_at
    from participants
    union all
    select
        participant_id,
        'unknown' as account_id,
        cast(null as {{ dbt.type_string() }}) as worker_id,
        'unlinked' as link_method,
        cast(null as {{ dbt.type_string() }}) as timezone,
        true as is_inferred,
        cast(null as timestamp) as linked_at
    from inferred
)

select * from final
