-- one row per enrollment with a status: where it stands, when it was completed, when it was left
with statuses as (select * from {{ ref('stg_enrollment_status') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- what takes effect after the as-of date has been announced, but has not happened; of statuses at
-- one moment the one entered later stands, else an exit
happened as (
    select
        statuses.*,
        statuses.status in ('withdrawn', 'failed', 'transferred', 'cancelled') as is_exit
    from statuses
    cross join as_of
    where statuses.effective_at < as_of.known_before_at
),

ordered as (
    select
        enrollment_id,
        status,
        reason_code,
        effective_at,
        is_exit,
        row_number() over (
            partition by enrollment_id
            order by effective_at, entered_at nulls first, is_exit, status_event_id
        ) as status_no
    from happened
),

milestones as (
    select
        enrollment_id,
        cast(max(status_no) as int) as last_status_no,
        cast(coalesce(max(status_no) filter (where not is_exit), 0) as int) as last_open_status_no,
        min(effective_at) filter (where status = 'completed') as completed_at
    from ordered
    group by enrollment_id
),

-- the exit that still stands: one followed by a return is none; of a row of exits the first counts;
-- whoever left because they left the employer is told apart from those who left the program
exits as (
    select
        ordered.enrollment_id,
        case
            when ordered.reason_code = 'left_employer' then 'left_employer'
            else ordered.status
        end as exit_status,
        ordered.effective_at as exited_at
    from ordered
    inner join milestones
        on
            ordered.enrollment_id = milestones.enrollment_id
            and ordered.status_no = milestones.last_open_status_no + 1
),

current_statuses as (
    select
        ordered.enrollment_id,
        ordered.status
    from ordered
    inner join milestones
        on
            ordered.enrollment_id = milestones.enrollment_id
            and ordered.status_no = milestones.last_status_no
),

final as (
    select
        milestones.enrollment_id,
        case
            when milestones.completed_at is not null then 'completed'
            else current_statuses.status
        end as current_status,
        case when milestones.completed_at is null then exits.exit_status end as exit_status,
        milestones.completed_at,
        case when milestones.completed_at is null then exits.exited_at end as exited_at
    from milestones
    inner join current_statuses on milestones.enrollment_id = current_statuses.enrollment_id
    left join exits on milestones.enrollment_id = exits.enrollment_id
)

select * from final
