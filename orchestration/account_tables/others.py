"""The account tables beside the journey: queries that tell people in tens and opinions in points.

What moves a little with every release cannot be told exactly: two releases would tell of the few
people between them. So counts of people are told in tens, rounded down (answerers in fives),
rates, differences and scores in whole points, hours to a tenth; then no difference is exact.
"""

PROFILE = """
    with enrolled as (
        select account_id, reached_count
        from {rpt_funnel_cohorts}
        where program_id = 'all' and cohort_month = 'all' and stage_code = 'enrolled'
    )

    select
        accounts.account_id,
        coalesce(accounts.name, accounts.account_id) as name,
        cast($as_of as date) as as_of_date,
        case when enrolled.reached_count >= 10 then enrolled.reached_count // 10 * 10 end
            as enrolled_to_date
    from {dim_accounts} as accounts
    left join enrolled on accounts.account_id = enrolled.account_id
    where accounts.is_current
    order by accounts.account_id
"""

# A quarter that is over. How many different people answered is known by the month: the month with
# the most is the least that the quarter has, and the interval is that of so many people.
VOICE = """
    with months as (
        select
            account_id,
            chain_role,
            role_order,
            date_trunc('quarter', month) as quarter_start,
            max(people_count) as people_count
        from {rpt_stakeholder_chain}
        where account_id <> 'all' and is_supplied and chain_role <> 'executive_sponsor'
        group by account_id, chain_role, role_order, quarter_start
    ),

    responses as (
        select
            account_id,
            chain_role,
            date_trunc('quarter', month) as quarter_start,
            response_id,
            avg(score_0_100) as score
        from {fct_survey_items}
        where is_confidence and score_0_100 is not null
        group by account_id, chain_role, quarter_start, response_id
    ),

    quarters as (
        select
            account_id,
            chain_role,
            quarter_start,
            avg(score) as score,
            coalesce(stddev_samp(score), 0) as spread
        from responses
        group by account_id, chain_role, quarter_start
    ),

    judged as (
        select
            months.*,
            quarters.score,
            1.959963984540054 * quarters.spread / sqrt(months.people_count) as half,
            case
                when months.people_count < 5 or quarters.score not between 5 and 95
                    then 'protected'
            end as hidden_reason
        from months
        left join quarters
            on
                months.account_id = quarters.account_id
                and months.chain_role = quarters.chain_role
                and months.quarter_start = quarters.quarter_start
        where months.quarter_start + interval 3 months <= cast($as_of as date) + interval 1 day
    )

    select
        account_id,
        chain_role,
        role_order,
        case chain_role
            when 'participant' then 'Participants'
            when 'manager' then 'Managers'
            when 'program_owner' then 'Program owners'
            when 'hr_leader' then 'HR leaders'
            else chain_role
        end as title,
        cast(quarter_start as date) as quarter_start,
        case when hidden_reason is null then people_count // 5 * 5 end as people_count,
        case when hidden_reason is null then round(score) end as confidence_score,
        case when hidden_reason is null then round(greatest(0, score - half)) end as ci_low,
        case when hidden_reason is null then round(least(100, score + half)) end as ci_high,
        hidden_reason is not null as is_hidden,
        hidden_reason
    from judged
    order by account_id, role_order, quarter_start
"""

# The words of the pages; nothing that is the provider's own.
WORDS = """
    select
        'all' as account_id, metric_code, title, definition, formula, unit, owner_role,
        standard_reference
    from {dim_metrics}
    where
        metric_code in (select metric_code from {dim_stages})
        or metric_code in (select outcome_code from {rpt_workforce_outcomes})
        or metric_code in (
            'benefit_amount', 'fully_loaded_cost', 'roi_rate', 'bcr', 'confidence_index'
        )
    order by metric_code
"""
