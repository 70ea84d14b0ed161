"""Tiny marts with values that the tests know: one account, one program, one cohort."""

from pathlib import Path

import duckdb

MANIFEST = {
    "release_id": "20260701T020000Z-abcdef",
    "as_of_date": "2026-06-30",
    "created_at": "2026-07-01T02:00:00Z",
    "code_version": "0000000",
}

ACCOUNT_NAME = '<script>alert("x")</script> & O\'Brien'

TABLES = {
    "dim_accounts": f"""
        select 'acc-1' as account_id, '{ACCOUNT_NAME.replace("'", "''")}' as name,
            true as is_current
        union all
        select 'acc-1', 'A former name', false
    """,
    "dim_programs": "select 'prg-1' as program_id, 'Data analysis' as title",
    "dim_stages": """
        select 'enrolled' as stage_code, 4 as stage_order, 'participant' as layer,
            'Enrolled' as title, 'Enrolled in a program' as definition,
            null::varchar as previous_stage_code, true as is_supplied
    """,
    "dim_participants": """
        select *
        from (values ('par-1', 'acc-1'), ('par-2', 'acc-1')) as t(participant_id, account_id)
    """,
    "rpt_funnel_cohorts": """
        select keys.account_id, 'all' as program_id, 'all' as cohort_month,
            'enrolled' as stage_code, 4 as stage_order, true as is_supplied,
            cast(1234 as bigint) as reached_count, cast(0.5 as decimal(18, 2)) as rate
        from (values ('all'), ('acc-1')) as keys(account_id)
    """,
    "rpt_stage_survival": """
        select 'all' as account_id, 'all' as program_id, 'enrolled' as from_stage,
            'activated' as to_stage, 3 as age_days, 0.25::double as cumulative_incidence
    """,
    "rpt_weekly_engagement": """
        select 'all' as account_id, 'all' as program_id, date '2026-06-22' as week_start_date,
            cast(10 as bigint) as at_risk_count
    """,
    "rpt_source_health": """
        select 'participant' as family, 'enrollment' as entity,
            timestamp '2026-06-30 22:15:00' as last_known_at
    """,
    "rpt_rejected_rows": """
        select 'participant' as family, 'enrollment' as entity, 'started_on' as column_name,
            'bad_date' as reason_code, cast(3 as bigint) as rows_count
    """,
}


def write_marts(marts_dir: Path) -> Path:
    """Write the tiny marts as Parquet files and return their folder."""
    marts_dir.mkdir(parents=True)
    for table, query in TABLES.items():
        target = str(marts_dir / f"{table}.parquet").replace("'", "''")
        duckdb.sql(f"copy ({query}) to '{target}' (format parquet)")
    return marts_dir
