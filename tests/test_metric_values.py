"""Every published value is in rpt_metric_values once: read again from its table, people recounted.

Each public table is asked in plain SQL here, by its own columns, and both are compared both ways.
"""

import csv
import re

import duckdb
import pytest

from orchestration.settings import PROJECT_DIR

FEW = 10  # people; of surveys 5
RATES_BY_FUNCTION = "function_code = 'all' and is_mature"
WHOLE = "(period_type = 'fiscal_year' or is_complete)"
YEARS = "case period_type when 'fiscal_year' then 'year' else 'trailing_12_months' end"
WINDOWS = """
    case window_months when 1 then 'month' when 3 then 'trailing_3_months'
    when 12 then 'trailing_12_months' end
"""
# Of each table: the account, the grain and the first day of a row, which rows, and which columns
# are which metrics. A metric in capitals is that in the column of this name.
PUBLISHED = [
    ("rpt_funnel_cohorts", "account_id", "'month'", "cohort_month",
     "program_id = 'all' and cohort_month <> 'all' and is_mature", {"METRIC_CODE": "mature_rate"}),
    ("rpt_funnel_cohorts", "account_id", "'all'", "'1900-01-01'",
     "program_id = 'all' and cohort_month = 'all'", {"METRIC_CODE": "mature_rate"}),
    ("rpt_funnel_cohorts", "account_id", "'month'", "cohort_month",
     "program_id = 'all' and cohort_month <> 'all' and is_mature and stage_code = 'eligible'",
     {"eligible_count": "reached_count"}),
    ("rpt_funnel_cohorts", "account_id", "'all'", "'1900-01-01'",
     "program_id = 'all' and cohort_month = 'all' and stage_code = 'eligible'",
     {"eligible_count": "reached_count"}),
    ("rpt_weekly_engagement", "account_id", "'week'", "week_start_date",
     "program_id = 'all' and is_mature",
     {"weekly_engagement_rate": "active_rate", "week_1_retention_rate": "week_1_retention_rate"}),
    ("rpt_indicators", "account_id", "'month'", "month", "is_mature", {"INDICATOR_CODE": "rate"}),
    ("rpt_bottlenecks", "account_id", "'all'", "'1900-01-01'", "bottleneck_rank = 1",
     {"bottleneck_gap": "gap", "lost_completions": "lost_completions"}),
    ("rpt_workforce_outcomes", "account_id", "'all'", "'1900-01-01'", "stratum = 'all'",
     {"OUTCOME_CODE": "adjusted_difference"}),
    ("rpt_employer_roi", "account_id", "'all'", "'1900-01-01'", "scenario = 'base'",
     {"benefit_amount": "benefit_amount", "fully_loaded_cost": "cost_amount",
      "roi_rate": "roi_rate", "bcr": "bcr"}),
    ("rpt_roi_chain", "account_id", "'all'", "'1900-01-01'",
     "link_code not in ('workforce_outcomes', 'roi')", {"METRIC_CODE": "value"}),
    ("rpt_account_profitability", "account_id", "'month'", "month", "true",
     {"revenue": "revenue_amount", "gross_profit": "gross_profit_amount",
      "cost_to_serve": "cost_to_serve_amount", "net_profit": "net_profit_amount"}),
    ("rpt_whale_curve", "account_id", YEARS, "period_start", WHOLE,
     {"revenue": "revenue_amount", "gross_profit": "gross_profit_amount",
      "cost_to_serve": "cost_to_serve_amount", "net_profit": "profit_amount"}),
    ("rpt_concentration", "'all'", YEARS, "period_start", WHOLE,
     {"revenue": "total_revenue_amount", "net_profit": "total_profit_amount",
      "peak_profit_share": "peak_profit_share", "profit_erosion": "erosion_amount",
      "top_20_revenue_share": "top_20_revenue_share", "gini_revenue": "gini_revenue",
      "revenue_profit_rank_correlation": "revenue_profit_rank_correlation"}),
    ("rpt_account_tiers", "account_id", "'quarter'", "quarter_start", "true",
     {"account_attractiveness": "attractiveness", "account_strength": "strength",
      "account_tier": "tier"}),
    ("rpt_cost_reconciliation", "'all'", "'month'", "month", "true",
     {"unused_capacity_cost": "unused_amount"}),
    ("rpt_ledger_use", "'all'", "'trailing_12_months'", "first_month",
     "function_code = 'all' and part = 'unused' and months_count = 12",
     {"unused_capacity_cost": "amount"}),
    ("rpt_function_performance", "'all'", "'month'", "month", RATES_BY_FUNCTION,
     {"capacity_utilization": "utilization_rate", "on_time_rate": "on_time_rate",
      "cycle_time": "cycle_p50_hours", "cycle_variation": "cycle_variation",
      "rework_rate": "rework_rate", "standard_ratio": "standard_ratio",
      "backlog": "backlog_count", "flow_efficiency": "flow_efficiency"}),
    ("rpt_handoffs", "'all'", "'month'", "month", "to_function = 'all' and is_mature",
     {"handoff_wait": "wait_p50_hours"}),
    ("rpt_ticket_performance", "'all'", "'month'", "month", "category = 'all' and is_mature",
     {"ticket_on_time_rate": "on_time_rate", "ticket_resolution_time": "resolve_p50_hours",
      "ticket_reopened_rate": "reopened_rate", "ticket_satisfaction": "csat_mean"}),
    ("rpt_renewal_health", "account_id", "'month'", "month", "true",
     {"health_score": "health_score", "renewal_probability": "renewal_probability",
      "explain_score": "explain_score", "defend_score": "defend_score",
      "expand_score": "expand_score"}),
    ("rpt_health_components", "account_id", "'month'", "month",
     "component_code in ('sponsor_satisfaction', 'reporting_quality', 'stakeholder_coverage')",
     {"COMPONENT_CODE": "value"}),
    ("rpt_health_components", "account_id", "'month'", "month",
     "component_code = 'participant_health'", {"program_persistence": "value"}),
    ("rpt_revenue_retention", "'all'", WINDOWS, "window_start", "segment = 'all'",
     {"grr": "grr", "nrr": "nrr", "logo_retention_rate": "logo_retention_rate",
      "renewal_rate": "renewal_rate"}),
]  # fmt: skip
# The people behind some rates, counted in the facts: who is in, and who has done it.
JOURNEYS = "fct_enrollment_journeys"
RECOUNTED = {
    "activation_rate": ("participant_id", "start_date", "activated_at is not null", JOURNEYS),
    "mobility_rate": (
        "participant_id", "start_date", "coalesce(mobile_at::date <= start_date + 365, false)",
        f"(from {JOURNEYS} where worker_id is not null)",
    ),
    "weekly_active_learners": (
        "participant_id", "week_start_date", "is_active",
        f"""(select weeks.*, participant_id from fct_learner_weeks as weeks
            inner join {JOURNEYS} using (enrollment_id) where is_at_risk and is_active is not null)
        """,
    ),
}  # fmt: skip
# What the front page says of all accounts together, by grain.
HEADLINES = {
    "all": [
        "awareness_rate", "application_rate", "enrollment_rate", "activation_rate",
        "engagement_rate", "completion_rate", "credential_rate", "mobility_rate",
        "retained_12m_voluntary", "bcr",
    ],
    "week": ["weekly_engagement_rate"],
    "month": ["on_time_rate", "backlog"],
    "trailing_12_months": [
        "grr", "nrr", "net_profit", "peak_profit_share", "profit_erosion", "unused_capacity_cost",
    ],
}  # fmt: skip
MARK = re.compile(r'<Changed [^>]*metric_code="(\w+)"')  # beside a headline that has moved


@pytest.fixture(scope="module")
def release(demo_release):
    """The tables of the release by their names."""
    with duckdb.connect() as connection:
        for path in (demo_release / "marts").iterdir():
            connection.execute(f"create view {path.stem} as from read_parquet('{path}')")
        yield connection


@pytest.fixture(scope="module")
def listed() -> list[dict[str, str]]:
    with (PROJECT_DIR / "seeds" / "metric_tables.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def rows_of(account: str, grain: str, start: str, where: str, table: str, columns: dict) -> str:
    """The values of a table in the columns of rpt_metric_values."""
    joined = f"{table} left join dim_stages using (stage_code)"
    source = joined if table == "rpt_funnel_cohorts" else table
    return " union all ".join(
        f"""select {metric.lower() if metric.isupper() else f"'{metric}'"} as metric_code,
        {account} as account_id, {grain} as period_grain, {start}::date as period_start,
        {column}::double as value from {source} where {where} and {column} is not null"""
        for metric, column in columns.items()
    )


@pytest.mark.parametrize("table", sorted({table for table, *_ in PUBLISHED}))
def test_the_values_of_a_public_table_are_all_there_and_no_others(release, table):
    expected = " union all ".join(
        rows_of(account, grain, start, where, table, columns)
        for name, account, grain, start, where, columns in PUBLISHED
        if name == table
    )
    found = f"""select metric_code, account_id, period_grain, period_start, value
        from rpt_metric_values where table_name = '{table}'"""
    assert release.execute(f"select count(*) from ({expected})").fetchone()[0] > 0
    assert release.execute(f"({expected}) except all ({found})").fetchall() == []
    assert release.execute(f"({found}) except all ({expected})").fetchall() == []


def test_every_metric_has_values_or_says_why_not(release, listed):
    drawn = {
        (row["metric_code"], row["table_name"])
        for row in listed
        if row["why_without_values"] == "none"
    }
    found = "select distinct metric_code, table_name from rpt_metric_values"
    assert set(release.execute(found).fetchall()) == drawn
    left_out = {row["metric_code"] for row in listed} - {metric for metric, _ in drawn}
    metrics = {
        code for (code,) in release.execute("select metric_code from dim_metrics").fetchall()
    }
    assert {metric for metric, _ in drawn} | left_out == metrics
    tables = {
        name for (name,) in release.execute("select view_name from duckdb_views()").fetchall()
    }
    assert {row["table_name"] for row in listed} <= tables
    assert {table for table, *_ in PUBLISHED} == {table for _, table in drawn}


@pytest.mark.parametrize(("grain", "metrics"), HEADLINES.items())
def test_the_headlines_of_the_front_page_are_there_for_all_accounts(release, grain, metrics):
    found = release.execute(
        """select metric_code from rpt_metric_values
        where account_id = 'all' and period_grain = ? group by all""",
        [grain],
    ).fetchall()
    assert set(metrics) <= {metric for (metric,) in found}


def test_every_headline_that_the_front_page_marks_is_one_of_them():
    marked = MARK.findall((PROJECT_DIR / "reports" / "pages" / "index.md").read_text())
    assert len(marked) > 5
    assert set(marked) <= {metric for metrics in HEADLINES.values() for metric in metrics}


@pytest.mark.parametrize("metric", RECOUNTED)
def test_the_people_behind_a_value_are_those_of_the_facts(release, metric):
    person, date, is_met, facts = RECOUNTED[metric]
    counted = f"""
        select coalesce(account_id, 'all') as account_id,
            date_trunc('month', {date})::date as period_start,
            count(distinct {person}) as people,
            count(distinct {person}) filter ({is_met}) as doers,
            count(distinct {person}) filter (not ({is_met})) as others
        from {facts} group by rollup (account_id), period_start
    """
    compared = release.execute(f"""
        select account_id, period_start, people_count, people, is_suppressed, doers, others
        from rpt_metric_values left join ({counted}) using (account_id, period_start)
        where metric_code = '{metric}' and period_grain = 'month'
    """).fetchall()
    wrong = [
        row for row in compared if row[2] != row[3] or row[4] != (min(row[5], row[6], row[3]) < FEW)
    ]
    assert wrong == []
    assert {row[4] for row in compared} == {True, False}


def test_few_answers_of_a_survey_are_suppressed_and_money_never_is(release):
    wrong = release.execute(f"""
        select metric_code, account_id, period_start from rpt_metric_values
        where is_suppressed is distinct from case
            when metric_code in ('sponsor_satisfaction', 'ticket_satisfaction')
                then people_count < 5
            when unit = 'reporting currency' and metric_code <> 'benefit_amount' then false
            when numerator is not null and people_count = denominator
                then least(numerator, denominator - numerator) < {FEW}
            else is_suppressed
        end
    """).fetchall()
    assert wrong == []


def test_an_end_is_the_day_before_the_next_period(release):
    wrong = release.execute("""
        with following as (
            select *, case period_grain
                when 'week' then period_start + interval 7 days
                when 'month' then period_start + interval 1 month
                when 'quarter' then period_start + interval 3 months
                when 'trailing_3_months' then period_start + interval 3 months
                when 'all' then null else period_start + interval 12 months
            end as next_start
            from rpt_metric_values
        )
        select metric_code, period_grain, period_start, period_end from following
        where period_end + 1 <> next_start
    """).fetchall()
    assert wrong == []
