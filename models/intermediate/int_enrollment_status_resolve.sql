-- one row per enrollment with a status: where it stands, when it was completed, when it was left
with statuses as (select * from {{ ref('stg_enrollment_status') }}),

ordered as (
    select
        enrollment_id,
        status,
        effective_at,
        status in ('withdrawn', 'failed', 'transferred', 'cancelled') as is_exit,
        row_number() over (
            partition by enrollment_id
            order by effective_at, entered_at nulls first, status_event_id
        ) as status_no
    from statuses
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

-- the exit that still stands: one followed by a return is none; of a row of exits the first counts
exits as (
    select
        ordered.enrollment_id,
        min(ordered.effective_at) as exited_at
    from ordered
    inner join milestones on ordered.enrollment_id = milestones.enrollment_id
    where ordered.status_no > milestones.last_open_status_no
    group by ordered.enrollment_id
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
        case
            when milestones.completed_at is null and exits.exited_at is not null
                then current_statuses.status
        end as exit_status,
        milestones.completed_at,
        case when milestones.completed_at is null then exits.exited_at end as exited_at
    from milestones
    inner join current_statuses on milestones.enrollment_id = current_statuses.enrollment_id
    left join exits on milestones.enrollment_id = exits.enrollment_id
)

select * from final
