-- one row per moment with an enrollment that ended in the window: how many were completed
with moments as (select * from {{ ref('int_health_moment_find') }}),
statuses as (select * from {{ ref('stg_enrollment_status_version') }}),
enrollments as (select * from {{ ref('stg_enrollment_version') }}),
participants as (select * from {{ ref('stg_participant_version') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

-- a status with each version of the enrollment and of the participant that it may belong to
placed as (
    select
        statuses.enrollment_id,
        statuses.status,
        statuses.effective_at,
        statuses.entered_at,
        statuses.status_event_id,
        statuses.known_from,
        statuses.known_to,
        enrollments.known_from as enrollment_known_from,
        enrollments.known_to as enrollment_known_to,
        participants.participant_id,
        participants.account_id,
        participants.known_from as participant_known_from,
        participants.known_to as participant_known_to
    from statuses
    inner join enrollments on statuses.enrollment_id = enrollments.enrollment_id
    inner join participants on enrollments.participant_id = participants.participant_id
),

windows as (
    select
        moments.moment_key,
        moments.account_id,
        moments.known_before_at,
        cast(
            {{ add_days('moments.observed_on', '1 - thresholds.participant_window_days') }}
            as timestamp
        ) as window_from_at
    from moments
    cross join thresholds
),

happened as (
    select
        windows.moment_key,
        windows.known_before_at,
        windows.window_from_at,
        placed.enrollment_id,
        placed.participant_id,
        placed.status,
        placed.effective_at,
        -- of statuses at one moment the one entered later stands, else an exit
        row_number() over (
            partition by windows.moment_key, placed.enrollment_id
            order by
                case when placed.status = 'completed' then 0 else 1 end,
                placed.effective_at desc,
                placed.entered_at desc nulls last,
                case
                    when placed.status in ('withdrawn', 'failed', 'transferred', 'cancelled') then 0
                    else 1
                end,
                placed.status_event_id desc
        ) as status_no
    from windows
    inner join placed
        on
            windows.account_id = placed.account_id
            and windows.window_from_at <= placed.effective_at
            and windows.known_before_at > placed.effective_at
            and {{ known_then('placed', 'windows.known_before_at') }}
            and placed.enrollment_known_from < windows.known_before_at
            and coalesce(placed.enrollment_known_to >= windows.known_before_at, true)
            and placed.participant_known_from < windows.known_before_at
            and coalesce(placed.participant_known_to >= windows.known_before_at, true)
),

-- a completion is final, else the last word counts: whoever came back has not ended
ended as (
    select
        happened.*,
        happened.status = 'completed' as is_completed
    from happened
    where happened.status_no = 1 and happened.status in ('completed', 'withdrawn', 'failed')
),

completions as (
    select *
    from statuses
    where status = 'completed'
),

completed_before as (
    select
        ended.moment_key,
        ended.enrollment_id
    from ended
    inner join completions
        on
            ended.enrollment_id = completions.enrollment_id
            and ended.window_from_at > completions.effective_at
            and {{ known_then('completions', 'ended.known_before_at') }}
    group by ended.moment_key, ended.enrollment_id
),

final as (
    select
        ended.moment_key,
        cast(count(*) as bigint) as ended_count,
        cast(count(*) filter (where ended.is_completed) as bigint) as completed_count,
        cast(count(distinct ended.participant_id) as bigint) as people_count,
        cast(max(ended.effective_at) as date) as evidence_on
    from ended
    left join completed_before
        on
            ended.moment_key = completed_before.moment_key
            and ended.enrollment_id = completed_before.enrollment_id
    where completed_before.enrollment_id is null
    group by ended.moment_key
)

select * from final
