-- one row per enrollment and cut-off day: the activity that happened and was known by then
with cutoffs as (select * from {{ ref('int_enrollment_cutoff_expand') }}),
activity as (select * from {{ ref('int_learning_event_aggregate') }}),

-- truncated first, by the day it happened and the day it was known; aggregated afterwards
seen as (
    select
        cutoffs.enrollment_id,
        cutoffs.cutoff_day,
        cutoffs.whole_weeks_count,
        {{ days_between('cutoffs.start_date', 'activity.activity_date') }} as activity_day,
        activity.first_login_at is not null as has_login,
        coalesce(activity.meaningful_count > 0, false) as is_active
    from cutoffs
    left join activity
        on
            cutoffs.enrollment_id = activity.enrollment_id
            and cutoffs.cutoff_date > activity.activity_date
            and cutoffs.cutoff_date > activity.known_date
    where cutoffs.is_activity_known
),

weekly as (
    select
        *,
        case
            when is_active and activity_day >= 0
                then cast(floor(cast(activity_day as double) / 7) as int) + 1
        end as active_week_no
    from seen
)

select
    enrollment_id,
    cutoff_day,
    cast(min(activity_day) filter (where has_login) as int) as first_login_day,
    cast(count(distinct case when active_week_no = 1 then activity_day end) as int)
        as week_1_active_days_count,
    cast(count(distinct case when active_week_no = 2 then activity_day end) as int)
        as week_2_active_days_count,
    cast(
        count(distinct case when active_week_no = whole_weeks_count then activity_day end) as int
    ) as last_week_active_days_count,
    cast(
        count(distinct case when active_week_no <= whole_weeks_count then active_week_no end) as int
    ) as active_weeks_count
from weekly
group by enrollment_id, cutoff_day
