-- What: a participant linked by a rule or a decision has a worker and a date; no other has either.
-- When it matters: a link without its date cannot be rebuilt as of an earlier day.
-- How to resolve: the rules are in int_participant_link; mend them there.
select
    participant_id,
    link_method,
    worker_id,
    linked_at
from {{ ref('dim_participants') }}
where
    (link_method in ('override', 'employee_number', 'email')) <> (worker_id is not null)
    or (worker_id is null and linked_at is not null)
    or (worker_id is not null and linked_at is null)
