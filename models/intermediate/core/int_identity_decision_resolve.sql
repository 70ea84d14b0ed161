-- one row per participant, account and worker (or none) of which a person's decision still stands
with overrides as (select * from {{ ref('stg_identity_override') }}),

-- an unlink that names no worker speaks of all of them
ordered as (
    select
        participant_id,
        account_id,
        worker_id,
        action,
        decided_at,
        max(case when action = 'unlink' and worker_id is null then decided_at end)
            over (partition by participant_id, account_id) as all_unlinked_at,
        max(case when action = 'link' then decided_at end)
            over (partition by participant_id, account_id) as last_linked_at,
        row_number() over (
            partition by participant_id, account_id, worker_id order by decided_at desc
        ) as decision_no
    from overrides
    where not (action = 'link' and worker_id is null)
)

select
    participant_id,
    account_id,
    worker_id,
    decided_at,
    action = 'link' as is_link
from ordered
where
    decision_no = 1
    and case
        -- of several links the last one
        when action = 'link'
            then
                decided_at = last_linked_at
                and decided_at > coalesce(all_unlinked_at, cast('1900-01-01' as timestamp))
        when worker_id is null
            then decided_at > coalesce(last_linked_at, cast('1900-01-01' as timestamp))
        else true
    end
