-- one row per enrollment and cut-off day at which it was still under way
with enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
cutoffs as (select * from {{ ref('cutoffs') }}),

dated as (
    select
        enrollments.*,
        cutoffs.cutoff_day,
        cast(floor(cast(cutoffs.cutoff_day as double) / 7) as int) as whole_weeks_count,
        -- the first day that is not seen
        {{ add_days('enrollments.start_date', 'cutoffs.cutoff_day') }} as cutoff_date
    from enrollments
    cross join cutoffs
    where enrollments.started_at is not null
)

select
    enrollment_id,
    account_id,
    program_id,
    cohort_id,
    timezone,
    start_date,
    cutoff_day,
    whole_weeks_count,
    cutoff_date,
    coalesce(cutoff_date <= {{ add_days('activity_until_date', 1) }}, false)
    and not coalesce(start_date < activity_from_date, false) as is_activity_known
from dated
where
    cutoff_date <= {{ add_days('last_full_date', 1) }}
    and (ended_date is null or ended_date >= cutoff_date)
