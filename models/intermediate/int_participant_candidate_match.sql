-- one row per participant and worker of the same account that a rule matches
with participants as (select * from {{ ref('stg_participant') }}),
workers as (select * from {{ ref('stg_worker') }}),
decisions as (select * from {{ ref('int_identity_decision_resolve') }}),

-- every version counts: the address of years ago is still that person's
worker_keys as (
    select
        account_id,
        worker_id,
        'employee_number' as link_method,
        nullif(trim(employee_number), '') as match_value,
        coalesce(extracted_at, cast(effective_from as timestamp)) as known_at
    from workers
    union all
    select
        account_id,
        worker_id,
        'email' as link_method,
        {{ normalized_email('email') }} as match_value,
        coalesce(extracted_at, cast(effective_from as timestamp)) as known_at
    from workers
),

worker_values as (
    select
        account_id,
        worker_id,
        link_method,
        match_value,
        min(known_at) as known_at
    from worker_keys
    where match_value is not null
    group by account_id, worker_id, link_method, match_value
),

participant_values as (
    select
        participant_id,
        account_id,
        'employee_number' as link_method,
        nullif(trim(employee_number), '') as match_value,
        coalesce(updated_at, registered_at) as known_at
    from participants
    union all
    select
        participant_id,
        account_id,
        'email' as link_method,
        {{ normalized_email('email') }} as match_value,
        coalesce(updated_at, registered_at) as known_at
    from participants
),

matches as (
    select
        participant_values.participant_id,
        participant_values.account_id,
        worker_values.worker_id,
        participant_values.link_method,
        greatest(
            worker_values.known_at, coalesce(participant_values.known_at, worker_values.known_at)
        ) as matched_at,
        max(case when participant_values.link_method = 'employee_number' then 1 else 0 end)
            over (partition by participant_values.participant_id) as has_number_match
    from participant_values
    inner join worker_values
        on
            participant_values.account_id = worker_values.account_id
            and participant_values.link_method = worker_values.link_method
            and participant_values.match_value = worker_values.match_value
    -- not the worker that a person has ruled out
    left join decisions
        on
            participant_values.participant_id = decisions.participant_id
            and not decisions.is_link
            and (decisions.worker_id is null or worker_values.worker_id = decisions.worker_id)
    where decisions.participant_id is null
)

select
    participant_id,
    account_id,
    worker_id,
    link_method,
    matched_at
from matches
-- the address only speaks where the number does not
where link_method = 'employee_number' or has_number_match = 0
