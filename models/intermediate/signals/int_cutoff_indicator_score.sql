-- one row per enrollment, cut-off day and early indicator that counts it: the score (higher should
-- be better) and the flag
with cutoffs as (select * from {{ ref('int_enrollment_cutoff_expand') }}),
activity as (select * from {{ ref('int_cutoff_activity_aggregate') }}),
coaching as (select * from {{ ref('int_cutoff_coaching_aggregate') }}),
work as (select * from {{ ref('int_cutoff_work_aggregate') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

scored as (
    select
        'first_login' as indicator_code,
        activity.enrollment_id,
        activity.cutoff_day,
        cast(-coalesce(activity.first_login_day, activity.cutoff_day) as double) as score,
        coalesce(activity.first_login_day <= thresholds.first_login_days, false) as is_flagged
    from activity
    cross join thresholds
    union all
    select
        'first_coaching_session' as indicator_code,
        coaching.enrollment_id,
        coaching.cutoff_day,
        cast(-coalesce(coaching.first_coaching_day, coaching.cutoff_day) as double) as score,
        coalesce(coaching.first_coaching_day <= thresholds.first_coaching_days, false)
            as is_flagged
    from coaching
    cross join thresholds
    where coaching.is_coaching_offered
    union all
    select
        'week_1_retention' as indicator_code,
        enrollment_id,
        cutoff_day,
        cast(week_2_active_days_count as double) as score,
        week_2_active_days_count > 0 as is_flagged
    from activity
    where week_1_active_days_count > 0 and cutoff_day >= 14
    union all
    select
        'weekly_active_learners' as indicator_code,
        enrollment_id,
        cutoff_day,
        cast(last_week_active_days_count as double) as score,
        last_week_active_days_count > 0 as is_flagged
    from activity
    where cutoff_day >= 7
    union all
    select
        work_type || '_completion' as indicator_code,
        enrollment_id,
        cutoff_day,
        {{ rate('on_time_count', 'due_count') }} as score,
        on_time_count = due_count as is_flagged
    from work
    union all
    select
        'coaching_attendance' as indicator_code,
        enrollment_id,
        cutoff_day,
        {{ rate('held_count', 'held_count + missed_count') }} as score,
        missed_count = 0 as is_flagged
    from coaching
    where held_count + missed_count > 0
    union all
    select
        'program_engagement' as indicator_code,
        activity.enrollment_id,
        activity.cutoff_day,
        {{ rate('activity.active_weeks_count', 'cutoffs.whole_weeks_count') }} as score,
        activity.active_weeks_count * thresholds.engagement_window_weeks
        >= cutoffs.whole_weeks_count * thresholds.engagement_active_weeks as is_flagged
    from activity
    inner join cutoffs
        on
            activity.enrollment_id = cutoffs.enrollment_id
            and activity.cutoff_day = cutoffs.cutoff_day
    cross join thresholds
    where cutoffs.whole_weeks_count > 0
)

select * from scored
