-- one row per account and program with coaching: any of the account's learners was ever booked
with sessions as (select * from {{ ref('int_coaching_session_version') }}),
enrollments as (select * from {{ ref('int_enrollment_resolve') }}),

-- before anybody's coaching took place, or was known, its absence says nothing
first_sessions as (
    select
        min(scheduled_date) as coaching_from_date,
        min(known_from_date) as coaching_known_from_date
    from sessions
),

coached_programs as (
    select distinct
        enrollments.account_id,
        enrollments.program_id
    from sessions
    inner join enrollments on sessions.enrollment_id = enrollments.enrollment_id
)

select
    coached_programs.account_id,
    coached_programs.program_id,
    first_sessions.coaching_from_date,
    first_sessions.coaching_known_from_date
from coached_programs
cross join first_sessions
