-- one row per metric of the stakeholders and the contracts, account and period
{%- set window_grain = "case when window_months = 1 then 'month' "
    ~ "else concat('trailing_', cast(window_months as " ~ dbt.type_string() ~ "), '_months') end" %}
with rpt_renewal_health as (select * from {{ ref('rpt_renewal_health') }}),
rpt_health_components as (select * from {{ ref('rpt_health_components') }}),
rpt_revenue_retention as (select * from {{ ref('rpt_revenue_retention') }}),

final as (
    {{ metric_values('rpt_renewal_health', "'month'", start='month',
        values=[
            {'metric': 'health_score', 'value': 'health_score'},
            {'metric': 'renewal_probability', 'value': 'renewal_probability'},
            {'metric': 'explain_score', 'value': 'explain_score'},
            {'metric': 'defend_score', 'value': 'defend_score'},
            {'metric': 'expand_score', 'value': 'expand_score'},
        ]) }}
    union all
    {{ metric_values('rpt_health_components', "'month'", start='month',
        where="component_code in "
            ~ "('sponsor_satisfaction', 'reporting_quality', 'stakeholder_coverage')",
        values=[
            {'metric_in': 'component_code', 'value': 'value', 'people': 'people_count'},
        ]) }}
    union all
    {{ metric_values('rpt_revenue_retention', window_grain, start='window_start',
        end='window_end', account="'all'", where="segment = 'all'",
        values=[
            {'metric': 'grr', 'value': 'grr'},
            {'metric': 'nrr', 'value': 'nrr'},
            {'metric': 'logo_retention_rate', 'value': 'logo_retention_rate',
             'numerator': 'retained_accounts_count', 'denominator': 'opening_accounts_count'},
            {'metric': 'renewal_rate', 'value': 'renewal_rate'},
        ]) }}
)

select * from final
