-- The mapping of the incident log onto the input contract. The README gives the reasons.
-- A name with an ending is a landed file, as <family>/<entity>/<file>; the others are views used below.

-- name: version
-- A row of the log: what was known of the incident from sys_updated_at on, and nothing later.
select
    'INC' || regexp_extract(number, '\d+') as ticket_id,
    incident_state,
    made_sla,
    reopen_count,
    'Category ' || regexp_extract(category, '\d+') as category,
    case left(priority, 1)
        when '1' then 'critical'
        when '2' then 'high'
        when '3' then 'moderate'
        when '4' then 'low'
    end as severity,
    opened_at,
    sys_updated_at,
    sys_mod_count,
    min(sys_updated_at) filter (where incident_state <> 'New') over so_far as first_response_at,
    max(sys_updated_at) filter (where incident_state = 'Resolved') over so_far as last_resolved_at
from incident_event_log
window so_far as (
    partition by number order by sys_updated_at, sys_mod_count
    rows between unbounded preceding and current row
);

-- name: resolved_version
select
    *,
    case
        when incident_state in ('Resolved', 'Closed')
            then coalesce(last_resolved_at, sys_updated_at)
    end as resolved_at
from version;

-- name: operations/support_ticket/support_ticket.parquet
select
    ticket_id,
    'it-company' as account_id,
    coalesce(category, 'none given') as category,
    severity,
    opened_at,
    first_response_at,
    -- The log says whether the agreed time was kept, and only on closing, but not until when it
    -- was: this moment is on the right side of the resolution and means nothing else.
    case
        when incident_state = 'Closed' and made_sla then resolved_at
        when incident_state = 'Closed' then resolved_at - interval 1 second
    end as due_at,
    resolved_at,
    reopen_count::bigint as reopened_count,
    sys_updated_at as updated_at
from resolved_version
-- Of versions of the same minute the last one stands.
order by ticket_id, sys_updated_at, sys_mod_count;

-- name: stakeholder/account/account.csv
select
    'it-company' as account_id,
    'The IT company of the incident log' as name;

-- name: operations/program/program.csv
-- This and the next two stand for nothing in the log. A refresh wants a row of each, so each is one
-- row that says so; the enrollment has no day of enrollment and starts after the log ends.
select
    'none' as program_id,
    'None: the log is not about learning' as title;

-- name: participant/participant/participant.csv
select
    'nobody' as participant_id,
    'it-company' as account_id;

-- name: participant/enrollment/enrollment.csv
select
    'none' as enrollment_id,
    'nobody' as participant_id,
    'none' as program_id,
    max(sys_updated_at)::date + 1 as start_date
from incident_event_log;
