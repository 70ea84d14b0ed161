-- one row per participant and worker of the same account that a rule matches
with identity_values as (select * from {{ ref('int_identity_value_resolve') }}),
decisions as (select * from {{ ref('int_identity_decision_resolve') }}),

participants as (
    select *
    from identity_values
    where party = 'participant'
),

workers as (
    select *
    from identity_values
    where party = 'worker'
),

-- not the worker that a person has ruled out
matches as (
    select
        participants.party_id as participant_id,
        participants.account_id,
        workers.party_id as worker_id,
        participants.link_method,
        greatest(
            workers.first_known_at, coalesce(participants.first_known_at, workers.first_known_at)
        ) as matched_at,
        max(case when participants.link_method = 'employee_number' then 1 else 0 end)
            over (partition by participants.party_id) as has_number_match
    from participants
    inner join workers
        on
            participants.account_id = workers.account_id
            and participants.link_method = workers.link_method
            and participants.match_value = workers.match_value
    left join decisions
        on
            participants.party_id = decisions.participant_id
            and participants.account_id = decisions.account_id
            and not decisions.is_link
            and (decisions.worker_id is null or workers.party_id = decisions.worker_id)
    where decisions.participant_id is null
)

select
    participant_id,
    account_id,
    worker_id,
    link_method,
    min(matched_at) as matched_at
from matches
-- the address only speaks where the number does not
where link_method = 'employee_number' or has_number_match = 0
group by participant_id, account_id, worker_id, link_method
