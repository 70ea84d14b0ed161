-- one row per enrollment and calendar week (from Monday) in which it was at risk of falling silent
with enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
activity as (select * from {{ ref('int_learning_event_aggregate') }}),
breaks as (select * from {{ ref('int_enrollment_break_resolve') }}),
learner_weeks as (select * from {{ ref('fct_learner_weeks') }}),

calendar_weeks as (
    select
        enrollment_id,
        {{ date_series(week_start('start_date'), week_start('observed_until_date'), 7) }}
            as week_start_date
    from enrollments
    where
        start_date <= observed_until_date
        and (ended_date is null or start_date < ended_date)
),

active_weeks as (
    select distinct
        activity.enrollment_id,
        {{ week_start('activity.activity_date') }} as week_start_date
    from activity
    inner join enrollments on activity.enrollment_id = enrollments.enrollment_id
    where
        activity.meaningful_count > 0
        and activity.activity_date >= enrollments.start_date
        and (enrollments.ended_date is null or activity.activity_date <= enrollments.ended_date)
),

first_two_weeks as (
    select
        enrollment_id,
        max(case when week_no = 1 then is_active end) as is_week_1_active,
        max(case when week_no = 2 then is_active end) as is_week_2_active
    from learner_weeks
    where week_no in (1, 2)
    group by enrollment_id
),

final as (
    select
        calendar_weeks.enrollment_id,
        enrollments.account_id,
        enrollments.program_id,
        enrollments.participant_id,
        calendar_weeks.week_start_date,
        case
            when
                calendar_weeks.week_start_date <= enrollments.activity_until_date
                and not coalesce(
                    calendar_weeks.week_start_date < enrollments.activity_from_date, false
                )
                then active_weeks.enrollment_id is not null
        end as is_active,
        calendar_weeks.week_start_date = {{ week_start('enrollments.start_date') }} as is_new_start,
        calendar_weeks.week_start_date = {{ week_start('enrollments.start_date') }}
        and coalesce(first_two_weeks.is_week_1_active, false) as is_week_1_active,
        calendar_weeks.week_start_date = {{ week_start('enrollments.start_date') }}
        and coalesce(first_two_weeks.is_week_1_active and first_two_weeks.is_week_2_active, false)
            as is_week_1_retained,
        coalesce(
            {{ add_days('calendar_weeks.week_start_date', 6) }} <= enrollments.activity_until_date,
            false
        )
        and not coalesce(
            calendar_weeks.week_start_date < enrollments.activity_from_date, false
        ) as is_observed_fully,
        coalesce(
            {{ add_days('enrollments.start_date', 13) }} <= enrollments.activity_until_date, false
        )
        and not coalesce(enrollments.start_date < enrollments.activity_from_date, false)
            as is_week_2_observed
    from calendar_weeks
    inner join enrollments on calendar_weeks.enrollment_id = enrollments.enrollment_id
    left join breaks
        on
            calendar_weeks.enrollment_id = breaks.enrollment_id
            and calendar_weeks.week_start_date >= breaks.break_from_date
            and calendar_weeks.week_start_date < breaks.break_to_date
    left join active_weeks
        on
            calendar_weeks.enrollment_id = active_weeks.enrollment_id
            and calendar_weeks.week_start_date = active_weeks.week_start_date
    left join first_two_weeks on calendar_weeks.enrollment_id = first_two_weeks.enrollment_id
    where breaks.enrollment_id is null
)

select * from final
