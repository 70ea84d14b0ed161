"""A tiny release with values that the tests know: one account, one program, one cohort."""

from pathlib import Path

import duckdb

MANIFEST = {
    "release_id": "20260701T020000Z-abcdef",
    "as_of_date": "2026-06-30",
    "created_at": "2026-07-01T02:00:00Z",
    "code_version": "0000000",
    "earlier_release_id": "20260531T020000Z-fedcba",
    "earlier_as_of_date": "2026-05-31",
    "tests": [{"name": "a_rate_is_at_most_one", "status": "pass", "failures": 0}],
}

ACCOUNT_NAME = '<script>alert("x")</script> & O\'Brien'

TABLES = {
    "dim_accounts": f"""
        select 'acc-1' as account_id, '{ACCOUNT_NAME.replace("'", "''")}' as name,
            true as is_current, false as is_inferred
        union all
        select 'acc-1', 'A former name', false, false
    """,
    "dim_programs": "select 'prg-1' as program_id, 'Data analysis' as title",
    "dim_stages": """
        select 'enrolled' as stage_code, 4 as stage_order, 'participant' as layer,
            'Enrolled' as title, 'Enrolled in a program' as definition,
            'fct_enrollment_journeys' as dated_by, true as needs_previous,
            null::varchar as previous_stage_code, true as is_supplied,
            'enrollment_rate' as metric_code
    """,
    "dim_participants": """
        select *
        from (
            values ('par-1', 'acc-1', 'wk-1', 'email'), ('par-2', 'acc-1', null, 'unlinked')
        ) as t(participant_id, account_id, worker_id, link_method)
    """,
    "rpt_funnel_cohorts": """
        select 'a hash' as funnel_cohort_key, keys.account_id, 'all' as program_id,
            'all' as cohort_month, 'enrolled' as stage_code, 4 as stage_order, true as is_supplied,
            cast(1234 as bigint) as reached_count, cast(0.5 as decimal(18, 2)) as rate
        from (values ('all'), ('acc-1')) as keys(account_id)
    """,
    "rpt_stage_survival": """
        select 'a hash' as stage_survival_key, 'all' as account_id, 'all' as program_id,
            'enrolled' as from_stage, 'activated' as to_stage, 3 as age_days,
            cast(1 as bigint) as event_count, 0.25::double as cumulative_incidence
    """,
    "rpt_weekly_engagement": """
        select 'a hash' as weekly_engagement_key, 'all' as account_id, 'all' as program_id,
            date '2026-06-22' as week_start_date,
            cast(10 as bigint) as at_risk_count
    """,
    "rpt_funnel_periods": """
        select 'a hash' as funnel_period_key, 'all' as account_id, date '2026-06-01' as month,
            'enrolled' as stage_code, cast(7 as bigint) as stock_count
    """,
    "dim_metrics": """
        select 'first_login' as metric_code, 'First login' as title, 'Logged in' as definition,
            'leading' as signal_class
    """,
    "rpt_indicators": """
        select 'a hash' as indicator_key, 'all' as account_id, date '2026-06-01' as month,
            'first_login' as indicator_code, 1 as indicator_order
    """,
    "rpt_indicator_validity": """
        select 'a hash' as indicator_validity_key, 'first_login' as indicator_code,
            'program_completion' as outcome_code, 28 as cutoff_day
    """,
    "rpt_indicator_calibration": """
        select 'a hash' as indicator_calibration_key, 'first_login' as indicator_code,
            'program_completion' as outcome_code, 28 as cutoff_day, true as is_flagged
    """,
    "rpt_bottlenecks": """
        select 'a hash' as bottleneck_key, 'acc-1' as account_id, 'enrolled' as stage_code,
            4 as stage_order
    """,
    "rpt_diagnostic_evidence": """
        select 'a hash' as diagnostic_evidence_key, 'acc-1' as account_id, 'D1' as question_code
    """,
    "fct_interventions": "select 'case-1' as case_id, 'acc-1' as account_id",
    "rpt_source_health": """
        select 'participant' as family, 'enrollment' as entity,
            timestamp '2026-06-30 22:15:00' as last_known_at
    """,
    "rpt_rejected_rows": """
        select 'participant' as family, 'enrollment' as entity, 'started_on' as column_name,
            'bad_date' as reason_code, cast(3 as bigint) as rows_count
    """,
    "rpt_capacity": """
        select 'a hash' as capacity_key, 'coaching' as function_code, date '2026-05-01' as month
    """,
    "rpt_ledger_use": """
        select 'a hash' as ledger_use_key, 0 as period_no, 'all' as function_code, 1 as part_order
    """,
    "rpt_cost_to_serve": """
        select 'a hash' as cost_to_serve_key, 0 as period_no, 'session' as activity_code,
            'coaching' as function_code
    """,
    "rpt_cost_reconciliation": """
        select 'a hash' as cost_reconciliation_key, date '2026-05-01' as month
    """,
    "rpt_costing_gaps": """
        select 'missing_rate' as gap_code, 'invoice_line' as entity, 'none' as function_code,
            'none' as activity_code, 'none' as attribute_code, 'all' as account_id,
            '2026-05-01' as month, 'EUR' as from_currency, true as holds_back,
            'Land one fx_rate' as what_to_do, cast(3 as bigint) as rows_count,
            cast(1 as bigint) as held_account_months_count
    """,
    "rpt_concentration": "select 'a hash' as concentration_key, 'FY2025' as period_code",
    "rpt_whale_curve": """
        select 'a hash' as whale_curve_key, 'FY2025' as period_code, 'acc-1' as account_id,
            cast(1 as bigint) as profit_rank
    """,
    "rpt_account_profit_lines": """
        select 'a hash' as account_profit_line_key, 'FY2025' as period_code,
            'acc-1' as account_id, cast(1 as bigint) as line_no
    """,
    "rpt_account_profitability": """
        select 'acc-1' as account_id, date '2026-06-01' as month, false as is_supplied,
            'exchange rate EUR to USD of 2026-06 is missing' as held_reason
    """,
    "rpt_account_tiers": """
        select 'a hash' as account_tier_key, 'acc-1' as account_id,
            date '2026-04-01' as quarter_start, 1 as tier
    """,
    "rpt_tier_cells": """
        select 'a hash' as tier_cell_key, date '2026-04-01' as quarter_start,
            'high' as attractiveness_band, 'high' as strength_band
    """,
    "rpt_tier_migration": """
        select 'a hash' as tier_migration_key, date '2026-04-01' as quarter_start,
            'new' as from_tier, '1' as to_tier
    """,
    "rpt_tier_shares": """
        select 'a hash' as tier_share_key, date '2026-04-01' as quarter_start, '1' as tier
    """,
    "dim_functions": "select 'coaching' as function_code, 'Coaching' as title",
    "rpt_function_performance": """
        select 'a hash' as function_performance_key, 'all' as function_code,
            date '2026-05-01' as month, true as is_supplied, true as is_mature
    """,
    "rpt_handoffs": """
        select 'a hash' as handoff_key, 'all' as from_function, 'all' as to_function,
            date '2026-05-01' as month
    """,
    "rpt_ticket_performance": """
        select 'a hash' as ticket_performance_key, 'all' as category, date '2026-05-01' as month
    """,
    "rpt_workforce_outcomes": """
        select 'a hash' as workforce_outcome_key, 'acc-1' as account_id,
            'promoted_12m' as outcome_code, 'all' as stratum, 1 as outcome_order,
            'Promotion' as title, 'share' as unit, 'higher' as better,
            cast(40 as bigint) as treated_count, cast(36 as bigint) as matched_count,
            cast(400 as bigint) as comparison_worker_count,
            cast(0 as bigint) as not_in_trial_count, true as is_estimable,
            null::varchar as reason, null::varchar as reason_code
    """,
    "rpt_workforce_balance": """
        select 'a hash' as workforce_balance_key, 'acc-1' as account_id,
            'job_level' as covariate_code, '1' as category_code, 1 as covariate_order,
            1 as category_order, 0.5 as treated_value, 0.4 as difference_before,
            0.0 as difference_after, true as is_matched_on, false as is_control
    """,
    "rpt_workforce_subgroups": """
        select 'a hash' as workforce_subgroup_key, 'acc-1' as account_id,
            'promoted_12m' as outcome_code, 'job_level' as covariate_code, '1' as category_code,
            1 as category_order, cast(20 as bigint) as treated_count,
            cast(200 as bigint) as comparison_worker_count, null::varchar as reason_code
    """,
    "rpt_employer_roi": """
        select 'a hash' as employer_roi_key, 'acc-1' as account_id, 'base' as scenario,
            cast(40 as bigint) as participants_count, cast(40 as bigint) as pay_known_count,
            cast(0 as bigint) as unlinked_count, 90000 as cost_amount,
            0.5 as break_even_retention_difference
    """,
    "rpt_roi_lines": """
        select 'a hash' as roi_line_key, 'acc-1' as account_id, 'base' as scenario,
            1 as line_order, true as is_supplied, 0.02 as difference, 2.0 as units,
            9000.0 as unit_value, 18000 as gross_amount
    """,
    "rpt_roi_sensitivity": """
        select 'a hash' as roi_sensitivity_key, 'acc-1' as account_id,
            'sorting_share' as parameter_code, '0.5' as setting
    """,
    "rpt_roi_cash_flows": """
        select 'a hash' as roi_cash_flow_key, 'acc-1' as account_id, 'base' as scenario,
            date '2026-05-01' as month
    """,
    "rpt_roi_chain": """
        select 'a hash' as roi_chain_key, 'acc-1' as account_id, 1 as link_order,
            'adoption' as link_code, cast(20 as bigint) as numerator_count,
            cast(40 as bigint) as denominator_count
    """,
    "rpt_revenue_retention": """
        select 'a hash' as revenue_retention_key, 'all' as segment, 12 as window_months,
            date '2026-06-30' as window_end
    """,
    "rpt_renewal_outlook": """
        select 'a hash' as renewal_outlook_key, 'all' as segment, 'month' as horizon,
            date '2026-09-01' as month
    """,
    "rpt_renewal_health": """
        select 'a hash' as renewal_health_key, 'acc-1' as account_id, date '2026-05-01' as month
    """,
    "rpt_health_components": """
        select 'a hash' as health_component_key, 'acc-1' as account_id, date '2026-05-01' as month,
            'employer_roi' as component_code, 4 as component_order, 0.4 as value,
            cast(40 as bigint) as people_count
    """,
    "rpt_renewal_cases": "select 'con-1' as contract_id, 'acc-1' as account_id",
    "rpt_renewal_evidence": """
        select 'a hash' as renewal_evidence_key, 'con-1' as contract_id,
            'employer_roi' as component_code, 4 as component_order
    """,
    "rpt_renewal_bands": """
        select 'a hash' as renewal_band_key, 90 as horizon_days, 'green' as band, 1 as band_order
    """,
    "rpt_stakeholder_chain": """
        select 'a hash' as stakeholder_chain_key, 'acc-1' as account_id,
            'executive_sponsor' as chain_role, 5 as role_order, date '2026-05-01' as month,
            'hr_leader' as breaks_with, true as is_break, true as is_suppressed,
            31.5 as confidence_score, 20.0 as ci_low, 43.0 as ci_high, -50.0 as nps
    """,
    "rpt_chain_links": """
        select 'a hash' as chain_link_key, 'participant' as from_role, 1 as from_order,
            false as is_path, 1 as lag_months
    """,
    "rpt_renewal_calibration": """
        select 'a hash' as renewal_calibration_key, 90 as horizon_days, 1 as bin_no
    """,
    "rpt_renewal_forecasts": """
        select 'a hash' as renewal_forecast_key, 'acc-1' as account_id, 'con-1' as contract_id,
            90 as horizon_days, date '2026-09-30' as ends_on
    """,
    "rpt_metric_values": """
        select 'first_login' as metric_code, 'rpt_indicators' as table_name, false as is_suppressed
        union all
        select 'first_login', 'rpt_indicators', true
    """,
    "rpt_identity_conflicts": """
        select 'acc-1' as account_id, 'par-2' as participant_id, 'wk-1' as worker_id
    """,
    "rpt_validation_cases": """
        select 'km_median' as case_code, 'Kaplan-Meier median' as title, 'Miller 1981' as source,
            31.0 as expected, 31.0 as computed, 0.0 as tolerance, true as is_passed
    """,
}


ACCOUNT_TABLES = {
    "account_profile": f"""
        select 'acc-1' as account_id, '{ACCOUNT_NAME.replace("'", "''")}' as name,
            date '2026-06-30' as as_of_date
    """,
    "account_journey": """
        select 'acc-1' as account_id, 'all' as cut, 'all' as member_code,
            'enrolled' as stage_code, cast(40 as bigint) as numerator_count
    """,
    "account_outcomes": "select 'acc-1' as account_id, 'promoted_12m' as outcome_code",
    "account_return": "select 'acc-1' as account_id, 'base' as scenario, 18000 as benefit_amount",
    "account_return_lines": "select 'acc-1' as account_id, 'base' as scenario, 1 as line_order",
    "account_voice": "select 'acc-1' as account_id, 'participant' as chain_role",
    "account_trust": "select 'acc-1' as account_id, 'as_of' as item_code",
    "account_words": "select 'all' as account_id, 'activation_rate' as metric_code",
}

CHANGES = """
    select 'activation_rate' as metric_code, 'Activation rate' as title, 'all' as account_id,
        'all' as period_grain, date '1900-01-01' as period_start, date '2026-06-30' as period_end,
        'share' as unit, 0.612::double as old_value, 0.615::double as new_value,
        0.003::double as absolute_change, 0.0049::double as relative_change,
        'late_data' as cause, '12 rows of enrollment' as detail, false as is_suppressed,
        '20260531T020000Z-fedcba' as earlier_release_id
"""


def write_release(folder: Path) -> Path:
    """Write the tiny tables as a release in the making holds them; return its folder."""
    files = {
        **{f"marts/{table}": query for table, query in TABLES.items()},
        **{f"account_tables/{table}": query for table, query in ACCOUNT_TABLES.items()},
        "changes": CHANGES,
    }
    for name, query in files.items():
        path = folder / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        target = str(path).replace("'", "''")
        duckdb.sql(f"copy ({query}) to '{target}' (format parquet)")
    return folder
