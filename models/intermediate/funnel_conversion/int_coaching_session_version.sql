-- one row per known version of a coaching session: what was known of it from which day until which
with landed as (
    {{ known_rows('participant', 'coaching_session') }}
),

enrollments as (select * from {{ ref('int_enrollment_resolve') }}),

numbered as (
    select
        landed.session_id,
        landed.enrollment_id,
        enrollments.program_id,
        landed.status,
        {{ local_date('landed.scheduled_at', 'enrollments.timezone') }} as scheduled_date,
        {{ local_date('coalesce(landed.updated_at, landed.scheduled_at)', 'enrollments.timezone') }}
            as known_from_date,
        cast(row_number() over (
            partition by landed.session_id
            order by
                coalesce(landed.updated_at, landed.scheduled_at), landed._batch_id, landed._row_no
        ) as int) as version_no
    from landed
    inner join enrollments on landed.enrollment_id = enrollments.enrollment_id
)

select
    session_id,
    version_no,
    enrollment_id,
    program_id,
    status,
    scheduled_date,
    known_from_date,
    coalesce(
        lead(known_from_date) over (partition by session_id order by version_no),
        cast('2200-01-01' as date)
    ) as known_to_date
from numbered
