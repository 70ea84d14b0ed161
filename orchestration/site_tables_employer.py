"""What the pages on the employer's outcomes and return read: see `site_tables`.

What would tell of fewer than 10 people is kept back: whoever opens the site can read its data.
"""

# Of whom the number of people, and what tells their pay, may be read: not of few people, and not of
# all together where few are left out, for the rest would tell.
_LARGE_ENOUGH = """
    select account_id
    from {rpt_employer_roi}
    where account_id <> 'all' and participants_count >= 10
    union all
    select 'all'
    from {rpt_employer_roi}
    where account_id <> 'all' and scenario = 'base' and participants_count < 10
    having coalesce(sum(participants_count), 0) not between 1 and 9
"""

EMPLOYER_TABLES = {
    # Of fewer than 10 participants or colleagues nothing leaves but why nothing is said of them.
    "rpt_workforce_outcomes": """
        select outcomes.account_id, coalesce(accounts.name, outcomes.account_id) as account_name,
            outcomes.outcome_code, outcomes.outcome_order, outcomes.title, outcomes.unit,
            outcomes.better, outcomes.is_estimable, outcomes.reason,
            large.* exclude (
                workforce_outcome_key, account_id, outcome_code, outcome_order, title, unit, better,
                is_estimable, reason, reason_code, stratum, not_in_trial_count
            ),
            if(large.not_in_trial_count >= 10, large.not_in_trial_count, null)
                as not_in_trial_count
        from {rpt_workforce_outcomes} as outcomes
        left join {dim_accounts} as accounts
            on outcomes.account_id = accounts.account_id and accounts.is_current
        left join {rpt_workforce_outcomes} as large
            on outcomes.workforce_outcome_key = large.workforce_outcome_key
            and least(
                large.treated_count, large.matched_count, large.comparison_worker_count
            ) >= 10
        where outcomes.stratum = 'all' and outcomes.account_id <> 'unknown'
        order by outcomes.account_id, outcomes.outcome_code
    """,
    # Where the groups left out count fewer than 10 together, the next smallest is left out with
    # them: else the rest would tell.
    "rpt_workforce_subgroups": """
        select * exclude (workforce_subgroup_key, reason_code, is_small, small_count, size_rank)
        from (
            select *,
                sum(if(is_small, treated_count, 0)) over sizes as small_count,
                row_number() over (
                    sizes order by is_small desc, treated_count, category_code
                ) - sum(cast(is_small as int)) over sizes as size_rank
            from (
                select *, least(treated_count, comparison_worker_count) < 10 as is_small
                from {rpt_workforce_subgroups}
            ) as marked
            window sizes as (partition by account_id, outcome_code, covariate_code)
        ) as ranked
        where not is_small and not (small_count between 1 and 9 and size_rank = 1)
        order by account_id, outcome_code, covariate_code, category_order, category_code
    """,
    # Without the values: of a few people they would be counts.
    "rpt_workforce_balance": """
        select account_id, covariate_code, category_code, covariate_order, category_order,
            difference_before, difference_after, is_matched_on, is_control
        from {rpt_workforce_balance} as balance
        inner join (
            select account_id, max(treated_count) as people_count
            from {rpt_workforce_outcomes}
            where
                stratum = 'all'
                and least(treated_count, matched_count, comparison_worker_count) >= 10
            group by account_id
        ) as participants using (account_id)
        where category_code = 'mean' or treated_value * people_count >= 10
        order by account_id, covariate_order, category_order, category_code
    """,
    "rpt_employer_roi": f"""
        select roi.* exclude (
                employer_roi_key, participants_count, pay_known_count, unlinked_count,
                break_even_retention_difference
            ),
            if(large.account_id is null, null, roi.participants_count) as participants_count,
            if(large.account_id is null, null, roi.break_even_retention_difference)
                as break_even_retention_difference,
            coalesce(accounts.name, roi.account_id) as account_name
        from {{rpt_employer_roi}} as roi
        left join (select distinct account_id from ({_LARGE_ENOUGH})) as large
            on roi.account_id = large.account_id
        left join {{dim_accounts}} as accounts
            on roi.account_id = accounts.account_id and accounts.is_current
        where
            roi.account_id = 'all' or roi.participants_count > 0 or roi.cost_amount is not null
        order by roi.account_id, roi.scenario
    """,
    "rpt_roi_lines": f"""
        select * exclude (roi_line_key, is_told, difference, units, unit_value, gross_amount),
            if(is_told, difference, null) as difference,
            if(is_told, units, null) as units,
            if(is_told, unit_value, null) as unit_value
        from (
            select *, is_supplied and account_id in ({_LARGE_ENOUGH}) as is_told
            from {{rpt_roi_lines}}
        ) as lines
        order by account_id, scenario, line_order
    """,
    "rpt_roi_sensitivity": """
        select * exclude (roi_sensitivity_key) from {rpt_roi_sensitivity}
        order by account_id, parameter_code, setting
    """,
    "rpt_roi_cash_flows": """
        select * exclude (roi_cash_flow_key) from {rpt_roi_cash_flows}
        order by account_id, scenario, month
    """,
    "rpt_roi_chain": """
        select * exclude (roi_chain_key, is_counted, numerator_count, denominator_count),
            if(is_counted, numerator_count, null) as numerator_count,
            if(is_counted, denominator_count, null) as denominator_count
        from (
            -- goals are no people
            select *, denominator_count >= 10 or link_code = 'business_outcomes' as is_counted
            from {rpt_roi_chain}
        ) as links
        order by account_id, link_order
    """,
}
