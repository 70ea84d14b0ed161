-- What: a metric gives values to rpt_metric_values, or says why it cannot: never both, nor neither.
-- When it matters: a metric in neither could move between two releases and nobody would be told.
-- How to resolve: name the metric's table in the seed `metric_tables`, and add its values to one of
--   the models int_metric_value_*, or say there why it has none.
with listed as (
    select
        metric_code,
        bool_or(why_without_values = 'none') as has_values,
        bool_or(why_without_values <> 'none') as has_a_reason
    from {{ ref('metric_tables') }}
    group by metric_code
)

select
    metrics.metric_code,
    listed.has_values,
    listed.has_a_reason
from {{ ref('dim_metrics') }} as metrics
left join listed on metrics.metric_code = listed.metric_code
where coalesce(listed.has_values = listed.has_a_reason, true)
