with enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
activity as (select * from {{ ref('int_learning_event_aggregate') }}),
breaks as (select * from {{ ref('int_enrollment_break_resolve') }}),

-- the weeks an enrollment was there to be kept: begun by the as-of date and before its end
observed_weeks as (
    select
        enrollment_id,
        {{ date_series('start_date', 'observed_until_date', 7) }} as week_start_date
    from enrollments
    where start_date <= observed_until_date
),

at_risk_weeks as (
    select
        observed_weeks.enrollment_id,
        observed_weeks.week_start_date
    from observed_weeks
    inner join enrollments on observed_weeks.enrollment_id = enrollments.enrollment_id
    left join breaks
        on
            observed_weeks.enrollment_id = breaks.enrollment_id
            and observed_weeks.week_start_date >= breaks.break_from_date
            and observed_weeks.week_start_date < breaks.break_to_date
    where
        breaks.enrollment_id is null
        and (
            enrollments.ended_date is null
            or observed_weeks.week_start_date < enrollments.ended_date
        )
),

active_weeks as (
    select
        activity.enrollment_id,
        {{ add_days(
            'enrollments.start_date',
            '7 * floor('
            ~ days_between('enrollments.start_date', 'activity.activity_date')
            ~ ' / 7.0)'
        ) }} as week_start_date,
        min(activity.first_meaningful_at) as first_meaningful_at,
        cast(sum(activity.meaningful_count) as bigint) as event_count,
        cast(count(distinct activity.activity_date) as int) as active_days_count
    from activity
    inner join enrollments on activity.enrollment_id = enrollments.enrollment_id
    where activity.meaningful_count > 0
    group by activity.enrollment_id, week_start_date
),

weeks as (
    select
        coalesce(at_risk_weeks.enrollment_id, active_weeks.enrollment_id) as enrollment_id,
        coalesce(at_risk_weeks.week_start_date, active_weeks.week_start_date) as week_start_date,
        at_risk_weeks.enrollment_id is not null as is_at_risk,
        active_weeks.enrollment_id is not null as is_active,
        coalesce(active_weeks.event_count, 0) as event_count,
        coalesce(active_weeks.active_days_count, 0) as active_days_count,
        active_weeks.first_meaningful_at
    from at_risk_weeks
    full outer join active_weeks
        on
            at_risk_weeks.enrollment_id = active_weeks.enrollment_id
            and at_risk_weeks.week_start_date = active_weeks.week_start_date
),

-- before the first and after the last day of any activity nobody is known to be active or not
known_weeks as (
    select
        weeks.*,
        coalesce(weeks.week_start_date <= enrollments.activity_until_date, false)
        and not coalesce(
            weeks.is_at_risk and weeks.week_start_date < enrollments.activity_from_date, false
        ) as is_known
    from weeks
    inner join enrollments on weeks.enrollment_id = enrollments.enrollment_id
),

final as (
    select
        {{ surrogate_key(['known_weeks.enrollment_id', 'known_weeks.week_start_date']) }}
            as learner_week_key,
        known_weeks.enrollment_id,
        enrollments.account_id,
        enrollments.program_id,
        cast(
            {{ days_between('enrollments.start_date', 'known_weeks.week_start_date') }} / 7 + 1
            as int
        ) as week_no,
        known_weeks.week_start_date,
        known_weeks.is_at_risk,
        case when known_weeks.is_known then known_weeks.is_active end as is_active,
        known_weeks.is_known
        and {{ add_days('known_weeks.week_start_date', 6) }} <= enrollments.activity_until_date
            as is_observed_fully,
        case when known_weeks.is_known then known_weeks.event_count end as event_count,
        case when known_weeks.is_known then known_weeks.active_days_count end
            as active_days_count,
        known_weeks.first_meaningful_at
    from known_weeks
    inner join enrollments on known_weeks.enrollment_id = enrollments.enrollment_id
)

select * from final
