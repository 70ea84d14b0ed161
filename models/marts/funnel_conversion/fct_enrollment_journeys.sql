with enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
activity as (select * from {{ ref('int_learning_event_aggregate') }}),
learner_weeks as (select * from {{ ref('fct_learner_weeks') }}),
milestones as (select * from {{ ref('int_enrollment_milestone_find') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
stages as (select * from {{ ref('dim_stages') }}),

first_activity as (
    select
        enrollment_id,
        min(first_login_at) as first_login_at,
        min(first_meaningful_at) as first_activity_at,
        cast(sum(friction_count) as bigint) as friction_count
    from activity
    group by enrollment_id
),

-- what was done after the end does not make a week active
weeks_at_risk as (
    select
        learner_weeks.enrollment_id,
        learner_weeks.week_no,
        learner_weeks.first_meaningful_at,
        coalesce(
            learner_weeks.is_active
            and {{ local_date('learner_weeks.first_meaningful_at', 'enrollments.timezone') }}
            <= coalesce(enrollments.ended_date, cast('2200-01-01' as date)),
            false
        ) as is_active
    from learner_weeks
    inner join enrollments on learner_weeks.enrollment_id = enrollments.enrollment_id
    where learner_weeks.is_at_risk
),

weeks_observed as (
    select
        enrollment_id,
        cast(count_if(is_active) as int) as active_weeks_count,
        cast(count(*) as int) as observed_weeks_count
    from weeks_at_risk
    group by enrollment_id
),

-- active weeks within the engagement window, numbered: the one that is enough dates the engagement
early_active_weeks as (
    select
        weeks_at_risk.enrollment_id,
        weeks_at_risk.first_meaningful_at,
        row_number() over (
            partition by weeks_at_risk.enrollment_id order by weeks_at_risk.week_no
        ) as active_week_no
    from weeks_at_risk
    cross join thresholds
    where
        weeks_at_risk.is_active
        and weeks_at_risk.week_no between 1 and thresholds.engagement_window_weeks
),

engaged as (
    select
        early_active_weeks.enrollment_id,
        early_active_weeks.first_meaningful_at as engaged_at
    from early_active_weeks
    inner join thresholds on early_active_weeks.active_week_no = thresholds.engagement_active_weeks
),

-- from the enrollment on, or if its day is unknown from a window before the start
activated as (
    select
        activity.enrollment_id,
        greatest(min(activity.first_login_at), min(activity.first_meaningful_at)) as activated_at
    from activity
    inner join enrollments on activity.enrollment_id = enrollments.enrollment_id
    cross join thresholds
    where
        enrollments.started_at is not null
        and activity.activity_date >= least(
            enrollments.start_date,
            coalesce(
                enrollments.enrolled_date,
                {{ add_days('enrollments.start_date', '-thresholds.activation_window_days') }}
            )
        )
        and {{ days_between('enrollments.start_date', 'activity.activity_date') }}
        <= thresholds.activation_window_days
        and activity.activity_date
        <= coalesce(
            case when enrollments.exited_at is not null then enrollments.ended_date end,
            cast('2200-01-01' as date)
        )
    group by activity.enrollment_id
    having min(activity.first_meaningful_at) is not null
),

supplied as (
    select
        coalesce(bool_or(stage_code = 'activated' and is_supplied), false) as has_activated,
        coalesce(bool_or(stage_code = 'engaged' and is_supplied), false) as has_engaged,
        coalesce(bool_or(stage_code = 'completed' and is_supplied), false) as has_completed
    from stages
),

final as (
    select
        enrollments.enrollment_id,
        enrollments.account_id,
        enrollments.participant_id,
        enrollments.worker_id,
        enrollments.program_id,
        enrollments.cohort_id,
        enrollments.previous_enrollment_id,
        milestones.transferred_to_enrollment_id,
        enrollments.current_status,
        enrollments.exit_status,
        nullif(trim(concat(
            case
                when
                    supplied.has_activated
                    and activated.activated_at is null
                    and coalesce(
                        engaged.engaged_at, enrollments.completed_at, milestones.credentialed_at
                    ) is not null
                    then 'activated '
                else ''
            end,
            case
                when
                    supplied.has_engaged
                    and engaged.engaged_at is null
                    and coalesce(enrollments.completed_at, milestones.credentialed_at) is not null
                    then 'engaged '
                else ''
            end,
            case
                when
                    supplied.has_completed
                    and enrollments.completed_at is null
                    and milestones.credentialed_at is not null
                    then 'completed'
                else ''
            end
        )), '') as skipped_stages,
        enrollments.attempt_no,
        enrollments.planned_days,
        milestones.break_days_count,
        case when supplied.has_activated then coalesce(weeks_observed.active_weeks_count, 0) end
            as active_weeks_count,
        coalesce(weeks_observed.observed_weeks_count, 0) as observed_weeks_count,
        case when supplied.has_activated then coalesce(first_activity.friction_count, 0) end
            as friction_count,
        enrollments.start_date,
        enrollments.enrolled_at,
        enrollments.started_at,
        first_activity.first_login_at,
        first_activity.first_activity_at,
        milestones.first_submission_at,
        activated.activated_at,
        milestones.first_coaching_at,
        engaged.engaged_at,
        enrollments.completed_at,
        milestones.credentialed_at,
        milestones.mobile_at,
        case when enrollments.exit_status = 'withdrawn' then enrollments.exited_at end
            as withdrawn_at,
        enrollments.terminated_at,
        enrollments.exited_at
    from enrollments
    left join milestones on enrollments.enrollment_id = milestones.enrollment_id
    left join first_activity on enrollments.enrollment_id = first_activity.enrollment_id
    left join activated on enrollments.enrollment_id = activated.enrollment_id
    left join engaged on enrollments.enrollment_id = engaged.enrollment_id
    left join weeks_observed on enrollments.enrollment_id = weeks_observed.enrollment_id
    cross join supplied
)

select * from final
