-- one row per enrollment and cut-off day: the coaching as it was known by then
with cutoffs as (select * from {{ ref('int_enrollment_cutoff_expand') }}),
sessions as (select * from {{ ref('int_coaching_session_version') }}),
coached_programs as (select * from {{ ref('int_program_coaching_find') }}),

-- of the versions of a session the last one known by the cut-off, not the last one of all
seen as (
    select
        cutoffs.enrollment_id,
        cutoffs.cutoff_day,
        cutoffs.account_id,
        cutoffs.program_id,
        cutoffs.cutoff_date,
        {{ days_between('cutoffs.start_date', 'sessions.scheduled_date') }} as scheduled_day,
        sessions.status
    from cutoffs
    left join sessions
        on
            cutoffs.enrollment_id = sessions.enrollment_id
            and cutoffs.cutoff_date > sessions.scheduled_date
            and cutoffs.cutoff_date > sessions.known_from_date
            and cutoffs.cutoff_date <= sessions.known_to_date
)

select
    seen.enrollment_id,
    seen.cutoff_day,
    coalesce(bool_or(coached_programs.coaching_known_from_date < seen.cutoff_date), false)
        as is_coaching_offered,
    cast(min(seen.scheduled_day) filter (where seen.status = 'completed') as int)
        as first_coaching_day,
    cast(count_if(coalesce(seen.status = 'completed', false)) as int) as held_count,
    cast(count_if(coalesce(seen.status in ('no_show', 'cancelled_participant'), false)) as int)
        as missed_count
from seen
left join coached_programs
    on
        seen.account_id = coached_programs.account_id
        and seen.program_id = coached_programs.program_id
group by seen.enrollment_id, seen.cutoff_day
