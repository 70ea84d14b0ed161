with candidates as (select * from {{ ref('int_participant_candidate_match') }}),
links as (select * from {{ ref('int_participant_link') }}),
participants as (select * from {{ ref('stg_participant') }}),

ambiguous as (
    select candidates.*
    from candidates
    inner join links on candidates.participant_id = links.participant_id
    where links.link_method = 'ambiguous'
),

-- who matches, and who was linked to the same worker by a decision
claims as (
    select
        account_id,
        worker_id,
        participant_id,
        link_method
    from ambiguous
    union all
    select
        participants.account_id,
        links.worker_id,
        links.participant_id,
        links.link_method
    from links
    inner join participants on links.participant_id = participants.participant_id
    where links.link_method = 'override'
),

counted as (
    select
        account_id,
        participant_id,
        worker_id,
        link_method,
        cast(count(*) over (partition by participant_id) as int) as workers_count,
        cast(count(*) over (partition by account_id, worker_id) as int) as participants_count
    from claims
),

final as (
    select *
    from counted
    where workers_count > 1 or participants_count > 1
)

select * from final
