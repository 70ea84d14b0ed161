-- What: a participant linked by a rule or a decision has a worker and a date, not after the as-of
--   date; no other has either.
-- When it matters: a link without its date cannot be rebuilt as of an earlier day.
-- How to resolve: the rules are in int_participant_link; mend them there.
select
    participants.participant_id,
    participants.link_method,
    participants.worker_id,
    participants.linked_at
from {{ ref('dim_participants') }} as participants
cross join {{ ref('stg_as_of') }} as as_of
where
    (participants.link_method in ('override', 'employee_number', 'email'))
    <> (participants.worker_id is not null)
    or (participants.worker_id is null) <> (participants.linked_at is null)
    or participants.linked_at >= as_of.known_before_at
