-- one row per participant that a rule or a person connects with a worker: which, how, since when
with participants as (select * from {{ ref('stg_participant') }}),
candidates as (select * from {{ ref('int_participant_candidate_match') }}),
decisions as (select * from {{ ref('int_identity_decision_resolve') }}),

decided as (
    select
        decisions.participant_id,
        decisions.account_id,
        decisions.worker_id,
        decisions.decided_at
    from decisions
    inner join participants
        on
            decisions.participant_id = participants.participant_id
            and decisions.account_id = participants.account_id
    where decisions.is_link
),

-- what a person has decided is no longer a question; but it makes the worker taken for others
open_candidates as (
    select candidates.*
    from candidates
    left join decided on candidates.participant_id = decided.participant_id
    where decided.participant_id is null
),

claims as (
    select
        account_id,
        worker_id,
        participant_id
    from open_candidates
    union
    select
        account_id,
        worker_id,
        participant_id
    from decided
),

claims_of_workers as (
    select
        account_id,
        worker_id,
        count(*) as participants_count
    from claims
    group by account_id, worker_id
),

weighed as (
    select
        open_candidates.participant_id,
        min(open_candidates.link_method) as link_method,
        min(open_candidates.worker_id) as worker_id,
        min(open_candidates.matched_at) as matched_at,
        count(*) = 1 and max(claims_of_workers.participants_count) = 1 as is_certain
    from open_candidates
    inner join claims_of_workers
        on
            open_candidates.account_id = claims_of_workers.account_id
            and open_candidates.worker_id = claims_of_workers.worker_id
    group by open_candidates.participant_id
),

final as (
    select
        participant_id,
        worker_id,
        'override' as link_method,
        decided_at as linked_at
    from decided
    union all
    select
        participant_id,
        case when is_certain then worker_id end as worker_id,
        case when is_certain then link_method else 'ambiguous' end as link_method,
        case when is_certain then matched_at end as linked_at
    from weighed
)

select * from final
