"""What the pages on renewals and revenue retention read: see `site_tables`.

No person is in these tables: a component is of an account. But the sponsor component of health
rests on the answers of few people (decision 18): its score and the words made of it are for the
provider's own account teams, and a report that leaves the provider must not carry them.
"""


def _named(table: str, left_out: str, order: str, filter_: str = "") -> str:
    """A table without some of its columns, with the current name of its account beside."""
    return f"""
        select facts.* exclude ({left_out}),
            coalesce(accounts.name, facts.account_id) as account_name
        from {{{table}}} as facts
        left join {{dim_accounts}} as accounts
            on facts.account_id = accounts.account_id and accounts.is_current
        {filter_}
        order by {order}
    """


RENEWAL_TABLES = {
    "rpt_revenue_retention": """
        select * exclude (revenue_retention_key) from {rpt_revenue_retention}
        order by segment, window_months, window_end
    """,
    "rpt_renewal_outlook": """
        select * exclude (renewal_outlook_key) from {rpt_renewal_outlook}
        order by segment, horizon, month
    """,
    "rpt_renewal_health": _named(
        "rpt_renewal_health", "renewal_health_key", "facts.account_id, facts.month"
    ),
    # The vector of the newest month; the months before it are in the health.
    "rpt_health_components": _named(
        "rpt_health_components",
        "health_component_key, value, people_count",
        "facts.account_id, facts.component_order",
        "where facts.month = (select max(month) from {rpt_health_components})",
    ),
    "rpt_renewal_cases": """
        select facts.*, coalesce(accounts.name, facts.account_id) as account_name
        from {rpt_renewal_cases} as facts
        left join {dim_accounts} as accounts
            on facts.account_id = accounts.account_id and accounts.is_current
        order by facts.contract_id
    """,
    "rpt_renewal_evidence": """
        select * exclude (renewal_evidence_key) from {rpt_renewal_evidence}
        order by contract_id, component_order
    """,
    "rpt_renewal_bands": """
        select * exclude (renewal_band_key) from {rpt_renewal_bands}
        order by horizon_days, band_order
    """,
}
