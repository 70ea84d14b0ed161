"""The account tables beside the journey: queries that tell people in tens.

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
