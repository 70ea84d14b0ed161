"""What the pages on the chain of stakeholders and on forecasts read: see `site_tables`.

Of a survey that too few people answered no score leaves: whoever opens the site can read its data.
"""

STAKEHOLDER_TABLES = {
    "rpt_stakeholder_chain": """
        select facts.* exclude (stakeholder_chain_key, confidence_score, ci_low, ci_high, nps),
            if(facts.is_suppressed, null, facts.confidence_score) as confidence_score,
            if(facts.is_suppressed, null, facts.ci_low) as ci_low,
            if(facts.is_suppressed, null, facts.ci_high) as ci_high,
            if(facts.is_suppressed, null, facts.nps) as nps,
            coalesce(accounts.name, facts.account_id) as account_name,
            facts.month = (select max(month) from {rpt_stakeholder_chain}) as is_newest
        from {rpt_stakeholder_chain} as facts
        left join {dim_accounts} as accounts
            on facts.account_id = accounts.account_id and accounts.is_current
        order by facts.account_id, facts.role_order, facts.month
    """,
    # Months in a row in which a chain is broken at the same place, as one row.
    "chain_breaks": """
        select breaks.account_id, coalesce(accounts.name, breaks.account_id) as account_name,
            breaks.breaks_with as from_role, breaks.chain_role as to_role, breaks.role_order,
            min(breaks.month) as first_month, max(breaks.month) as last_month,
            count(*) as months_count,
            max(breaks.month) = (select max(month) from {rpt_stakeholder_chain}) as is_now
        from (
            select *, month - to_months(cast(row_number() over (
                partition by account_id, chain_role order by month
            ) as int)) as run
            from {rpt_stakeholder_chain}
            where is_break and account_id <> 'all'
        ) as breaks
        left join {dim_accounts} as accounts
            on breaks.account_id = accounts.account_id and accounts.is_current
        group by breaks.account_id, accounts.name, breaks.breaks_with, breaks.chain_role,
            breaks.role_order, breaks.run
        order by last_month desc, breaks.account_id, breaks.role_order, first_month
    """,
    "rpt_chain_links": """
        select * exclude (chain_link_key) from {rpt_chain_links}
        order by is_path, from_order, lag_months
    """,
    "rpt_renewal_calibration": """
        select * exclude (renewal_calibration_key) from {rpt_renewal_calibration}
        order by horizon_days, bin_no
    """,
    "rpt_renewal_forecasts": """
        select facts.* exclude (renewal_forecast_key),
            coalesce(accounts.name, facts.account_id) as account_name
        from {rpt_renewal_forecasts} as facts
        left join {dim_accounts} as accounts
            on facts.account_id = accounts.account_id and accounts.is_current
        order by facts.horizon_days, facts.ends_on, facts.contract_id
    """,
}
