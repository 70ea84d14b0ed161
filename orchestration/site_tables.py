"""What the pages read: a query over the release's tables for each table of the report's data."""

from orchestration.site_tables_accounts import ACCOUNT_TABLES
from orchestration.site_tables_employer import EMPLOYER_TABLES
from orchestration.site_tables_renewal import RENEWAL_TABLES
from orchestration.site_tables_stakeholders import STAKEHOLDER_TABLES
from orchestration.site_tables_trust import TRUST_TABLES

# What leaves for the pages: aggregates and names, no row about a person. Every table is ordered, so
# that equal marts give equal bytes.
TABLES = {
    "dim_accounts": """
        select keys.account_id, coalesce(accounts.name, keys.account_id) as name
        from (
            select distinct account_id
            from {rpt_funnel_cohorts}
            where account_id <> 'all'
        ) as keys
        left join {dim_accounts} as accounts
            on keys.account_id = accounts.account_id and accounts.is_current
        order by keys.account_id
    """,
    "dim_programs": """
        select keys.program_id, coalesce(programs.title, keys.program_id) as title
        from (
            select distinct program_id
            from {rpt_funnel_cohorts}
            where program_id <> 'all'
        ) as keys
        left join {dim_programs} as programs on keys.program_id = programs.program_id
        order by keys.program_id
    """,
    "dim_stages": """
        select stage_code, stage_order, layer, title, definition, dated_by, needs_previous,
            previous_stage_code, metric_code,
            is_supplied
        from {dim_stages}
        order by stage_order
    """,
    "dim_metrics": """
        select * from {dim_metrics}
        order by metric_code
    """,
    "participants": """
        select coalesce(account_id, 'all') as account_id, count(*) as participants_count
        from {dim_participants}
        group by rollup (account_id)
        having grouping(account_id) = 1 or account_id is not null
        order by account_id
    """,
    "rpt_funnel_cohorts": """
        select * exclude (funnel_cohort_key) from {rpt_funnel_cohorts}
        order by account_id, program_id, cohort_month, stage_order
    """,
    "rpt_funnel_periods": """
        select * exclude (funnel_period_key) from {rpt_funnel_periods}
        order by account_id, stage_code, month
    """,
    "rpt_stage_survival": """
        select * exclude (stage_survival_key) from {rpt_stage_survival}
        where
            event_count > 0
            and from_stage in (
                select stage_code from {dim_stages} where dated_by = 'fct_enrollment_journeys'
            )
        order by account_id, program_id, from_stage, to_stage, age_days
    """,
    "rpt_weekly_engagement": """
        select * exclude (weekly_engagement_key) from {rpt_weekly_engagement}
        order by account_id, program_id, week_start_date
    """,
    "rpt_indicators": """
        select * exclude (indicator_key) from {rpt_indicators}
        order by account_id, indicator_order, month
    """,
    "rpt_indicator_validity": """
        select * exclude (indicator_validity_key) from {rpt_indicator_validity}
        order by outcome_code, cutoff_day, indicator_code
    """,
    "rpt_indicator_calibration": """
        select * exclude (indicator_calibration_key) from {rpt_indicator_calibration}
        order by outcome_code, cutoff_day, indicator_code, is_flagged
    """,
    "rpt_bottlenecks": """
        select * exclude (bottleneck_key) from {rpt_bottlenecks}
        order by account_id, stage_order
    """,
    "rpt_diagnostic_evidence": """
        select * exclude (diagnostic_evidence_key) from {rpt_diagnostic_evidence}
        order by account_id, question_code
    """,
    "fct_interventions": "select * from {fct_interventions} order by case_id",
    "rpt_source_health": "select * from {rpt_source_health} order by family, entity",
    "rpt_rejected_rows": """
        select * from {rpt_rejected_rows}
        order by family, entity, column_name, reason_code
    """,
    "rpt_capacity": """
        select * exclude (capacity_key) from {rpt_capacity} order by function_code, month
    """,
    "rpt_ledger_use": """
        select * exclude (ledger_use_key) from {rpt_ledger_use}
        where period_no = 0
        order by function_code, part_order
    """,
    "rpt_cost_to_serve": """
        select * exclude (cost_to_serve_key) from {rpt_cost_to_serve}
        where period_no = 0
        order by activity_code, function_code
    """,
    "rpt_cost_reconciliation": """
        select * exclude (cost_reconciliation_key) from {rpt_cost_reconciliation} order by month
    """,
    "rpt_costing_gaps": """
        select gap_code, entity, function_code, month, holds_back, what_to_do, rows_count,
            held_account_months_count
        from {rpt_costing_gaps}
        order by gap_code, entity, function_code, activity_code, attribute_code, account_id, month,
            from_currency
    """,
    "rpt_concentration": """
        select * exclude (concentration_key) from {rpt_concentration}
        order by period_code
    """,
    "rpt_whale_curve": """
        select curve.* exclude (whale_curve_key),
            coalesce(accounts.name, curve.account_id) as account_name
        from {rpt_whale_curve} as curve
        left join {dim_accounts} as accounts
            on curve.account_id = accounts.account_id and accounts.is_current
        order by curve.period_code, curve.profit_rank
    """,
    "rpt_account_profit_lines": """
        select * exclude (account_profit_line_key) from {rpt_account_profit_lines}
        order by period_code, account_id, line_no
    """,
    "held_months": """
        select months.account_id, coalesce(accounts.name, months.account_id) as account_name,
            months.month, months.held_reason
        from {rpt_account_profitability} as months
        left join {dim_accounts} as accounts
            on months.account_id = accounts.account_id and accounts.is_current
        where not months.is_supplied
        order by months.account_id, months.month
    """,
    "dim_functions": """
        select function_code, title from {dim_functions} order by function_code
    """,
    "rpt_function_performance": """
        select * exclude (function_performance_key) from {rpt_function_performance}
        order by function_code, month
    """,
    "rpt_handoffs": """
        select * exclude (handoff_key) from {rpt_handoffs}
        order by from_function, to_function, month
    """,
    "rpt_ticket_performance": """
        select * exclude (ticket_performance_key) from {rpt_ticket_performance}
        order by category, month
    """,
    "rpt_account_tiers": """
        select tiers.* exclude (account_tier_key), coalesce(accounts.name, tiers.account_id) as name
        from {rpt_account_tiers} as tiers
        left join {dim_accounts} as accounts
            on tiers.account_id = accounts.account_id and accounts.is_current
        order by tiers.quarter_start, tiers.account_id
    """,
    "rpt_tier_cells": """
        select * exclude (tier_cell_key) from {rpt_tier_cells}
        order by quarter_start, attractiveness_band, strength_band
    """,
    "rpt_tier_migration": """
        select * exclude (tier_migration_key) from {rpt_tier_migration}
        order by quarter_start, from_tier, to_tier
    """,
    "rpt_tier_shares": """
        select * exclude (tier_share_key) from {rpt_tier_shares}
        order by quarter_start, tier
    """,
    "changes": "select * from {changes} order by all",
    **ACCOUNT_TABLES,
    **EMPLOYER_TABLES,
    **RENEWAL_TABLES,
    **STAKEHOLDER_TABLES,
    **TRUST_TABLES,
}
