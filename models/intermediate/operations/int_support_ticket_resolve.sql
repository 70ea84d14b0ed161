-- one row per ticket opened by the as-of date: what had happened to it by then, and how fast
with tickets as (select * from {{ ref('stg_support_ticket') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- what is dated later has not happened yet
happened as (
    select
        tickets.ticket_id,
        tickets.category,
        tickets.opened_at,
        tickets.due_at,
        tickets.reopened_count,
        tickets.csat_score,
        case
            when tickets.first_response_at < as_of.known_before_at then tickets.first_response_at
        end as response_at,
        case when tickets.resolved_at < as_of.known_before_at then tickets.resolved_at end
            as solved_at
    from tickets
    cross join as_of
    where tickets.opened_at < as_of.known_before_at
),

final as (
    select
        ticket_id,
        category,
        opened_at,
        response_at as first_response_at,
        due_at,
        solved_at as resolved_at,
        {{ month_start('opened_at') }} as opened_month,
        -- an end before the beginning is no time, and ends nothing before it began
        case
            when solved_at is not null then {{ month_start("greatest(opened_at, solved_at)") }}
        end as resolved_month,
        case when response_at >= opened_at then {{ hours_between('opened_at', 'response_at') }} end
            as response_hours,
        case when solved_at >= opened_at then {{ hours_between('opened_at', 'solved_at') }} end
            as resolve_hours,
        solved_at <= due_at as is_on_time,
        case when solved_at is not null then reopened_count > 0 end as is_reopened,
        case when solved_at is not null then csat_score end as csat_score
    from happened
)

select * from final
