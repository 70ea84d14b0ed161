"""What the pages on the chain of stakeholders and on forecasts read: see `site_tables`.

Where too few people answered, the marts keep the score back: no row here is about one person.
"""

STAKEHOLDER_TABLES = {
    "rpt_stakeholder_chain": """
        select facts.* exclude (stakeholder_chain_key),
            coalesce(accounts.name, facts.account_id) as account_name
        from {rpt_stakeholder_chain} as facts
        left join {dim_accounts} as accounts
            on facts.account_id = accounts.account_id and accounts.is_current
        order by facts.account_id, facts.role_order, facts.month
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
