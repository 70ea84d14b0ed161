-- one row per moment: what there is to explain the value with, and a next step to expand by
with moments as (select * from {{ ref('int_health_moment_find') }}),
goals as (select * from {{ ref('stg_goal_version') }}),
outcomes as (select * from {{ ref('stg_verified_outcome_version') }}),
deliveries as (select * from {{ ref('stg_report_delivery_version') }}),
opportunities as (select * from {{ ref('stg_opportunity_version') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

verified as (
    select
        moments.moment_key,
        outcomes.goal_id
    from moments
    inner join outcomes
        on
            moments.account_id = outcomes.account_id
            and moments.known_before_at > outcomes.verified_at
            and {{ known_then('outcomes', 'moments.known_before_at') }}
    -- an anecdote verifies nothing
    where outcomes.method <> 'anecdote'
    group by moments.moment_key, outcomes.goal_id
),

goal_counts as (
    select
        moments.moment_key,
        count(*) as goals_count,
        count(verified.goal_id) as verified_count
    from moments
    inner join goals
        on
            moments.account_id = goals.account_id
            and {{ known_then('goals', 'moments.known_before_at') }}
    left join verified
        on moments.moment_key = verified.moment_key and goals.goal_id = verified.goal_id
    group by moments.moment_key
),

report_counts as (
    select
        moments.moment_key,
        count(*) as reports_count,
        count(case when deliveries.opened_at < moments.known_before_at then 1 end)
            as opened_count
    from moments
    cross join thresholds
    inner join deliveries
        on
            moments.account_id = deliveries.account_id
            and moments.known_before_at > deliveries.delivered_at
            and cast(
                {{ add_days('moments.observed_on', '1 - thresholds.touch_active_days') }}
                as timestamp
            ) <= deliveries.delivered_at
            and {{ known_then('deliveries', 'moments.known_before_at') }}
    where deliveries.chain_role in ('hr_leader', 'executive_sponsor')
    group by moments.moment_key
),

-- where no opportunity was known of anybody, none can be said to be missing
opportunity_supply as (
    select min(known_from) as known_from
    from opportunities
),

-- the four questions about an expansion: is one open, has it an owner, an amount, a date ahead?
expansions as (
    select
        moments.moment_key,
        max(
            1
            + case when opportunities.owner is not null then 1 else 0 end
            + case when opportunities.amount is not null then 1 else 0 end
            + case when opportunities.expected_close_on > moments.observed_on then 1 else 0 end
        ) as yes_count
    from moments
    inner join opportunities
        on
            moments.account_id = opportunities.account_id
            and moments.observed_on >= opportunities.opened_on
            and moments.observed_on < coalesce(
                opportunities.closed_on, {{ add_days('moments.observed_on', 1) }}
            )
            and {{ known_then('opportunities', 'moments.known_before_at') }}
    where opportunities.opportunity_type = 'expansion'
    group by moments.moment_key
),

final as (
    select
        moments.moment_key,
        cast(goal_counts.goals_count as bigint) as goals_count,
        cast(goal_counts.verified_count as bigint) as verified_count,
        cast(report_counts.reports_count as bigint) as reports_count,
        cast(report_counts.opened_count as bigint) as opened_count,
        cast(
            case
                when opportunity_supply.known_from < moments.known_before_at
                    then coalesce(expansions.yes_count, 0)
            end as bigint
        ) as expansion_yes_count
    from moments
    cross join opportunity_supply
    left join goal_counts on moments.moment_key = goal_counts.moment_key
    left join report_counts on moments.moment_key = report_counts.moment_key
    left join expansions on moments.moment_key = expansions.moment_key
)

select * from final
