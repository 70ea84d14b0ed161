"""The report's data: the tables that its pages read, in one DuckDB file beside the built pages."""

import json
from pathlib import Path

import duckdb

from orchestration.load import sql

SOURCE = "mart"
"""The name that pages put before a table: `from mart.rpt_funnel_cohorts`."""

MANIFEST_COLUMNS = ("release_id", "as_of_date", "created_at", "code_version")

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
            previous_stage_code, is_supplied
        from {dim_stages}
        order by stage_order
    """,
    "dim_metrics": """
        select metrics.metric_code, metrics.title, metrics.definition, metrics.signal_class
        from {dim_metrics} as metrics
        order by metrics.metric_code
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
}

_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "UINTEGER")


class _Marts(dict):
    """The release's tables by name, as SQL that reads their Parquet file."""

    def __init__(self, marts_dir: Path) -> None:
        super().__init__()
        self.marts_dir = marts_dir

    def __missing__(self, table: str) -> str:
        path = self.marts_dir / f"{table}.parquet"
        if not path.is_file():
            raise FileNotFoundError(f"The report needs the table {table}: {path} does not exist")
        return f"read_parquet({sql.text(str(path))})"


def _page_expression(column: str, column_type: str) -> str:
    """Return the SQL of a column in one of the types that a browser reads without surprises.

    Dates and times become text: a Date object would move by a reader's time zone.
    """
    name = '"{}"'.format(column.replace('"', '""'))
    if column_type in _NUMBERS or column_type.startswith(("DECIMAL", "FLOAT", "DOUBLE")):
        return f"{name}::double as {name}"
    if column_type == "BOOLEAN":
        return name
    if column_type.startswith("TIMESTAMP"):
        return f"strftime({name}, '%Y-%m-%d %H:%M') as {name}"
    return f"{name}::varchar as {name}"


def export_tables(marts_dir: Path, manifest: dict, data_dir: Path) -> int:
    """Write the tables of the pages to `data_dir`, as the built site serves them.

    Args:
        marts_dir: The Parquet files of a release.
        manifest: The manifest of the release; its id, dates and code version become a table.
        data_dir: A folder that does not exist yet.

    Returns:
        The size of the data in bytes.

    Raises:
        FileNotFoundError: A table that the pages need is not in the release.
        KeyError: The manifest lacks a field that the pages show.
    """
    path = data_dir / SOURCE / "all" / f"{SOURCE}.duckdb"
    path.parent.mkdir(parents=True)
    marts = _Marts(marts_dir)
    with duckdb.connect() as connection:
        # One thread and a fixed order: the same marts give the same file, byte for byte.
        connection.execute("set threads = 1; set timezone = 'UTC'")
        # Storage v1.0.0: the engine in the browser is older than the one that writes here.
        connection.execute(f"attach {sql.text(str(path))} as site (storage_version 'v1.0.0')")
        for table, template in TABLES.items():
            query = template.format_map(marts)
            columns = connection.execute(f"describe {query}").fetchall()
            expressions = ", ".join(_page_expression(name, kind) for name, kind, *_ in columns)
            connection.execute(
                f'create table site.main."{table}" as select {expressions} from ({query})'
            )
        connection.execute(
            "create table site.main.release as select "
            + ", ".join(f"?::varchar as {column}" for column in MANIFEST_COLUMNS),
            [str(manifest[column]) for column in MANIFEST_COLUMNS],
        )
        connection.execute("checkpoint site")
        connection.execute("detach site")
    rendered = {SOURCE: [f"static/data/{SOURCE}/all/{SOURCE}.duckdb"]}
    (data_dir / "manifest.json").write_text(json.dumps({"renderedFiles": rendered}))
    return path.stat().st_size
