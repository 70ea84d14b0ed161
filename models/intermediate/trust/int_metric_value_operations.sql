-- one row per metric of the provider's operations, account and period; a window of twelve months
-- has all of them
{%- set curve_grain = "case when period_type = 'fiscal_year' then 'year' "
    ~ "else 'trailing_12_months' end" %}
{%- set curve_where = "(period_type = 'fiscal_year' or is_complete)" %}
with rpt_account_profitability as (select * from {{ ref('rpt_account_profitability') }}),
rpt_whale_curve as (select * from {{ ref('rpt_whale_curve') }}),
rpt_concentration as (select * from {{ ref('rpt_concentration') }}),
rpt_account_tiers as (select * from {{ ref('rpt_account_tiers') }}),
rpt_cost_reconciliation as (select * from {{ ref('rpt_cost_reconciliation') }}),
rpt_ledger_use as (select * from {{ ref('rpt_ledger_use') }}),
rpt_function_performance as (select * from {{ ref('rpt_function_performance') }}),
rpt_handoffs as (select * from {{ ref('rpt_handoffs') }}),
rpt_ticket_performance as (select * from {{ ref('rpt_ticket_performance') }}),

final as (
    {{ metric_values('rpt_account_profitability', "'month'", start='month',
        values=[
            {'metric': 'revenue', 'value': 'revenue_amount'},
            {'metric': 'gross_profit', 'value': 'gross_profit_amount'},
            {'metric': 'cost_to_serve', 'value': 'cost_to_serve_amount'},
            {'metric': 'net_profit', 'value': 'net_profit_amount'},
        ]) }}
    union all
    {{ metric_values('rpt_whale_curve', curve_grain, start='period_start', end='period_end',
        where=curve_where,
        values=[
            {'metric': 'revenue', 'value': 'revenue_amount'},
            {'metric': 'gross_profit', 'value': 'gross_profit_amount'},
            {'metric': 'cost_to_serve', 'value': 'cost_to_serve_amount'},
            {'metric': 'net_profit', 'value': 'profit_amount'},
        ]) }}
    union all
    {{ metric_values('rpt_concentration', curve_grain, start='period_start', end='period_end',
        account="'all'", where=curve_where,
        values=[
            {'metric': 'revenue', 'value': 'total_revenue_amount'},
            {'metric': 'net_profit', 'value': 'total_profit_amount'},
            {'metric': 'peak_profit_share', 'value': 'peak_profit_share',
             'numerator': 'peak_profit_amount', 'denominator': 'total_profit_amount'},
            {'metric': 'profit_erosion', 'value': 'erosion_amount'},
            {'metric': 'top_20_revenue_share', 'value': 'top_20_revenue_share'},
            {'metric': 'gini_revenue', 'value': 'gini_revenue'},
            {'metric': 'revenue_profit_rank_correlation',
             'value': 'revenue_profit_rank_correlation'},
        ]) }}
    union all
    {{ metric_values('rpt_account_tiers', "'quarter'", start='quarter_start',
        values=[
            {'metric': 'account_attractiveness', 'value': 'attractiveness'},
            {'metric': 'account_strength', 'value': 'strength'},
            {'metric': 'account_tier', 'value': 'tier'},
        ]) }}
    union all
    {{ metric_values('rpt_cost_reconciliation', "'month'", start='month', account="'all'",
        where='is_supplied',
        values=[{'metric': 'unused_capacity_cost', 'value': 'unused_amount'}]) }}
    union all
    {{ metric_values('rpt_ledger_use', "'trailing_12_months'", start='first_month',
        end=add_days(add_months('last_month', 1), -1), account="'all'",
        where="function_code = 'all' and part = 'unused' and months_count = 12",
        values=[{'metric': 'unused_capacity_cost', 'value': 'amount'}]) }}
    union all
    {{ metric_values('rpt_function_performance', "'month'", start='month', account="'all'",
        where="function_code = 'all' and is_mature",
        values=[
            {'metric': 'capacity_utilization', 'value': 'utilization_rate'},
            {'metric': 'on_time_rate', 'value': 'on_time_rate',
             'numerator': 'on_time_count', 'denominator': 'due_count'},
            {'metric': 'cycle_time', 'value': 'cycle_p50_hours'},
            {'metric': 'cycle_variation', 'value': 'cycle_variation'},
            {'metric': 'rework_rate', 'value': 'rework_rate',
             'numerator': 'rework_count', 'denominator': 'single_count'},
            {'metric': 'standard_ratio', 'value': 'standard_ratio',
             'numerator': 'actual_minutes_total', 'denominator': 'standard_minutes_total'},
            {'metric': 'backlog', 'value': 'backlog_count'},
            {'metric': 'flow_efficiency', 'value': 'flow_efficiency'},
        ]) }}
    union all
    {{ metric_values('rpt_handoffs', "'month'", start='month', account="'all'",
        where="from_function = 'all' and is_mature",
        values=[{'metric': 'handoff_wait', 'value': 'wait_p50_hours'}]) }}
    union all
    {{ metric_values('rpt_ticket_performance', "'month'", start='month', account="'all'",
        where="category = 'all' and is_mature",
        values=[
            {'metric': 'ticket_on_time_rate', 'value': 'on_time_rate',
             'numerator': 'on_time_count', 'denominator': 'due_count'},
            {'metric': 'ticket_resolution_time', 'value': 'resolve_p50_hours'},
            {'metric': 'ticket_reopened_rate', 'value': 'reopened_rate',
             'numerator': 'reopened_count', 'denominator': 'reopened_known_count'},
            {'metric': 'ticket_satisfaction', 'value': 'csat_mean',
             'denominator': 'rated_count', 'people': 'rated_count'},
        ]) }}
)

select * from final
