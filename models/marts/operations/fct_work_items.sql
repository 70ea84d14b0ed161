with work_items as (select * from {{ ref('stg_work_item') }}),
activities as (select * from {{ ref('int_activity_version') }}),
times as (select * from {{ ref('int_work_time_measure') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- what is dated later has not happened yet
happened as (
    select
        work_items.work_item_id,
        work_items.activity_code,
        work_items.account_id,
        work_items.program_id,
        work_items.enrollment_id,
        work_items.origin,
        work_items.scope_decision,
        work_items.priority,
        work_items.quantity,
        work_items.actual_minutes,
        work_items.rework_of,
        work_items.reopened_count,
        work_items.opened_at,
        work_items.due_at,
        cast(work_items.opened_at as date) as opened_on,
        case
            when work_items.first_response_at < as_of.known_before_at
                then work_items.first_response_at
        end as response_at,
        case when work_items.started_at < as_of.known_before_at then work_items.started_at end
            as begun_at,
        case when work_items.closed_at < as_of.known_before_at then work_items.closed_at end
            as done_at,
        as_of.known_until_at
    from work_items
    cross join as_of
    where work_items.opened_at < as_of.known_before_at
),

-- most of its rows stand for several pieces: it is reported in lots, also of one
lot_activities as (
    select activity_code
    from happened
    group by activity_code
    having 2 * count_if(quantity > 1) > count(*)
),

first_versions as (
    select
        activity_code,
        function_code
    from activities
    qualify row_number() over (partition by activity_code order by valid_from) = 1
),

final as (
    select
        happened.work_item_id,
        happened.activity_code,
        -- before its first version an activity was already somebody's
        coalesce(activities.function_code, first_versions.function_code, 'unknown')
            as function_code,
        coalesce(happened.account_id, 'internal') as account_id,
        happened.program_id,
        happened.enrollment_id,
        happened.rework_of,
        happened.origin,
        case when happened.done_at is not null then happened.scope_decision end as scope_decision,
        happened.priority,
        coalesce(happened.quantity, cast(1 as decimal(18, 4))) <= 1
        and lot_activities.activity_code is null as is_single,
        case
            when happened.done_at is not null then happened.done_at <= happened.due_at
            when happened.due_at < happened.known_until_at then false
        end as is_on_time,
        happened.rework_of is not null as is_rework,
        case when happened.done_at is not null then happened.reopened_count > 0 end as is_reopened,
        coalesce(happened.quantity, cast(1 as decimal(18, 4))) as quantity,
        times.standard_minutes,
        case when happened.done_at is not null then happened.actual_minutes end as actual_minutes,
        case
            when happened.response_at >= happened.opened_at
                then {{ hours_between('happened.opened_at', 'happened.response_at') }}
        end as response_hours,
        case
            when happened.begun_at >= happened.opened_at
                then {{ hours_between('happened.opened_at', 'happened.begun_at') }}
        end as wait_hours,
        case
            when happened.done_at >= happened.opened_at
                then {{ hours_between('happened.opened_at', 'happened.done_at') }}
        end as cycle_hours,
        happened.opened_at,
        happened.response_at as first_response_at,
        happened.begun_at as started_at,
        happened.due_at,
        happened.done_at as closed_at
    from happened
    left join activities
        on
            happened.activity_code = activities.activity_code
            and {{ is_in_force('activities', 'happened.opened_on') }}
    left join first_versions on happened.activity_code = first_versions.activity_code
    left join lot_activities on happened.activity_code = lot_activities.activity_code
    left join times on happened.work_item_id = times.work_id and times.source = 'work_item'
)

select * from final
