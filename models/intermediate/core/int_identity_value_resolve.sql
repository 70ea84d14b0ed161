-- one row per participant or worker and value that identifies it: since when it was known
{%- set participant_known_at = 'coalesce(updated_at, registered_at)' %}
{%- set worker_known_at = 'coalesce(extracted_at, cast(effective_from as timestamp))' %}
with participants as (select * from {{ ref('stg_participant') }}),
workers as (select * from {{ ref('stg_worker') }}),

landed_participants as (
    {{ known_rows('participant', 'participant') }}
),

landed_workers as (
    {{ known_rows('participant', 'worker') }}
),

-- of a participant the latest version, of a worker all: a former address is still that person's
standing as (
    {{ identity_values('participants', 'participant', participant_known_at) }}
    union all
    {{ identity_values('workers', 'worker', worker_known_at) }}
),

-- an extract says every night what was known before: the first row with the value counts
landed as (
    {{ identity_values('landed_participants', 'participant', participant_known_at) }}
    union all
    {{ identity_values('landed_workers', 'worker', worker_known_at) }}
)

select
    standing.party,
    standing.account_id,
    standing.party_id,
    standing.link_method,
    standing.match_value,
    min(landed.known_at) as first_known_at
from standing
inner join landed
    on
        standing.party = landed.party
        and standing.account_id = landed.account_id
        and standing.party_id = landed.party_id
        and standing.link_method = landed.link_method
        and standing.match_value = landed.match_value
group by
    standing.party,
    standing.account_id,
    standing.party_id,
    standing.link_method,
    standing.match_value
