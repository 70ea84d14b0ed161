-- one row per question and observation of the account itself: goals, sponsors, reports, next steps
with goals as (select * from {{ ref('stg_goal') }}),
outcomes as (select * from {{ ref('stg_verified_outcome') }}),
contacts as (select * from {{ ref('stg_contact') }}),
touchpoints as (select * from {{ ref('stg_touchpoint') }}),
deliveries as (select * from {{ ref('stg_report_delivery') }}),
opportunities as (select * from {{ ref('stg_opportunity') }}),
days as (select * from {{ ref('dim_dates') }}),
questions as (select * from {{ ref('diagnostic_questions') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

verified as (
    select
        outcomes.goal_id,
        count(outcomes.money_value) > 0 as is_in_money
    from outcomes
    cross join as_of
    where outcomes.verified_at < as_of.known_before_at
    group by outcomes.goal_id
),

verified_goals as (
    select
        goals.account_id,
        'goals_verified_in_money' as measure_code,
        goals.goal_id as observation_id,
        coalesce(verified.is_in_money, false) as is_so
    from goals
    left join verified on goals.goal_id = verified.goal_id
),

-- quarters do not overlap, as the last 90 days of every day would
quarters as (
    select
        days.quarter_start,
        max(days.date_day) as quarter_end
    from days
    group by days.quarter_start
),

sponsored_quarters as (
    select
        contacts.account_id,
        quarters.quarter_start,
        quarters.quarter_end
    from contacts
    inner join quarters
        on
            contacts.valid_from <= quarters.quarter_start
            and coalesce(contacts.valid_to, quarters.quarter_start) >= quarters.quarter_start
    cross join as_of
    where
        contacts.chain_role = 'executive_sponsor'
        and quarters.quarter_end <= as_of.as_of_date
    group by contacts.account_id, quarters.quarter_start, quarters.quarter_end
),

sponsor_meetings as (
    select
        touchpoints.account_id,
        cast(touchpoints.held_at as date) as held_date
    from touchpoints
    inner join contacts
        on
            touchpoints.contact_id = contacts.contact_id
            and contacts.chain_role = 'executive_sponsor'
            and cast(touchpoints.held_at as date) >= contacts.valid_from
            and cast(touchpoints.held_at as date)
            <= coalesce(contacts.valid_to, cast(touchpoints.held_at as date))
    where touchpoints.two_way
    group by touchpoints.account_id, cast(touchpoints.held_at as date)
),

sponsors_met as (
    select
        sponsored_quarters.account_id,
        'sponsor_met' as measure_code,
        cast(sponsored_quarters.quarter_start as {{ dbt.type_string() }}) as observation_id,
        count(sponsor_meetings.held_date) > 0 as is_so
    from sponsored_quarters
    left join sponsor_meetings
        on
            sponsored_quarters.account_id = sponsor_meetings.account_id
            and sponsored_quarters.quarter_start <= sponsor_meetings.held_date
            and sponsored_quarters.quarter_end >= sponsor_meetings.held_date
    group by sponsored_quarters.account_id, sponsored_quarters.quarter_start
),

reports as (
    select
        deliveries.account_id,
        'reports_on_time_and_opened' as measure_code,
        deliveries.delivery_id as observation_id,
        coalesce(
            deliveries.delivered_at <= deliveries.due_at
            and deliveries.opened_at < as_of.known_before_at,
            false
        ) as is_so
    from deliveries
    cross join as_of
    where deliveries.due_at < as_of.known_before_at
),

next_steps as (
    select
        goals.account_id,
        'clear_next_steps' as measure_code,
        goals.goal_id as observation_id,
        coalesce(
            goals.owner_role is not null
            and goals.target is not null
            and goals.due_date > as_of.as_of_date,
            false
        ) as is_so
    from goals
    cross join as_of
    left join verified on goals.goal_id = verified.goal_id
    where verified.goal_id is null
    union all
    select
        opportunities.account_id,
        'clear_next_steps' as measure_code,
        opportunities.opportunity_id as observation_id,
        coalesce(
            opportunities.owner is not null
            and opportunities.amount is not null
            and opportunities.expected_close_on > as_of.as_of_date,
            false
        ) as is_so
    from opportunities
    cross join as_of
    where
        opportunities.opportunity_type = 'expansion'
        and opportunities.opened_on <= as_of.as_of_date
        and coalesce(opportunities.closed_on > as_of.as_of_date, true)
),

observations as (
    select * from verified_goals
    union all
    select * from sponsors_met
    union all
    select * from reports
    union all
    select * from next_steps
),

final as (
    select
        observations.account_id,
        questions.question_code,
        observations.observation_id,
        case when observations.is_so then cast(1 as double) else cast(0 as double) end
            as observed_value
    from observations
    inner join questions on observations.measure_code = questions.measure_code
)

select * from final
