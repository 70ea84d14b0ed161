-- one row per piece of a journey that one function handed over and another has taken up
with work_items as (select * from {{ ref('fct_work_items') }}),
applications as (select * from {{ ref('stg_application') }}),
enrollments as (select * from {{ ref('fct_enrollment_journeys') }}),
steps as (select * from {{ ref('journey_steps') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

milestones as (
    select
        application_id as journey_id,
        'submitted' as milestone,
        submitted_at as reached_at
    from applications
    union all
    select
        application_id as journey_id,
        'decided' as milestone,
        decided_at as reached_at
    from applications
    union all
    select
        enrollment_id as journey_id,
        'enrolled' as milestone,
        enrolled_at as reached_at
    from enrollments
    union all
    select
        enrollment_id as journey_id,
        'started' as milestone,
        started_at as reached_at
    from enrollments
    union all
    select
        enrollment_id as journey_id,
        'first_login' as milestone,
        first_login_at as reached_at
    from enrollments
    union all
    select
        enrollment_id as journey_id,
        'first_coaching' as milestone,
        first_coaching_at as reached_at
    from enrollments
    union all
    select
        enrollment_id as journey_id,
        'completed' as milestone,
        completed_at as reached_at
    from enrollments
    union all
    select
        enrollment_id as journey_id,
        'credentialed' as milestone,
        credentialed_at as reached_at
    from enrollments
),

-- items on the same enrollment, in the order in which they were taken up
followed as (
    select
        work_item_id,
        function_code,
        lag(function_code) over (partition by enrollment_id order by started_at, work_item_id)
            as from_function,
        -- nobody waits for it before it was asked for
        greatest(
            opened_at,
            lag(closed_at) over (partition by enrollment_id order by started_at, work_item_id)
        ) as handed_over_at,
        lag(closed_at) over (partition by enrollment_id order by started_at, work_item_id)
            as previous_closed_at,
        opened_at,
        started_at
    from work_items
    where enrollment_id is not null and started_at is not null
),

handoffs as (
    select
        steps.step_code as handoff_type,
        taken_up.journey_id as handoff_id,
        steps.from_function,
        steps.to_function,
        -- who was there before the hand-over did not wait
        least(handed_over.reached_at, taken_up.reached_at) as handed_over_at,
        taken_up.reached_at as taken_up_at
    from steps
    inner join milestones as handed_over on steps.handed_over_milestone = handed_over.milestone
    inner join milestones as taken_up
        on
            steps.taken_up_milestone = taken_up.milestone
            and handed_over.journey_id = taken_up.journey_id
    where handed_over.reached_at is not null
    union all
    select
        'work_item' as handoff_type,
        work_item_id as handoff_id,
        from_function,
        function_code as to_function,
        handed_over_at,
        started_at as taken_up_at
    from followed
    where
        from_function <> function_code
        -- what began before the other had ended ran beside it
        and previous_closed_at <= started_at
        -- what began before its own opening has no wait that could be believed
        and opened_at <= started_at
),

final as (
    select
        handoffs.handoff_type,
        handoffs.handoff_id,
        handoffs.from_function,
        handoffs.to_function,
        {{ hours_between('handoffs.handed_over_at', 'handoffs.taken_up_at') }} as wait_hours,
        handoffs.handed_over_at,
        handoffs.taken_up_at
    from handoffs
    inner join as_of on handoffs.taken_up_at < as_of.known_before_at
)

select * from final
