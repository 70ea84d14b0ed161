-- one row per program with a credential: it names a type, or one was ever awarded
with programs as (select * from {{ ref('dim_programs') }}),
journeys as (select * from {{ ref('fct_enrollment_journeys') }})

select programs.program_id
from programs
left join journeys on programs.program_id = journeys.program_id
group by programs.program_id, programs.credential_type
having programs.credential_type is not null or count(journeys.credentialed_at) > 0
