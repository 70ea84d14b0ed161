-- What: every value is drawn from a table that the seed `metric_tables` names for its metric.
-- When it matters: a reader who looks the number up in its table does not find it there.
-- How to resolve: add the table to seeds/metric_tables.csv with the reason none, or correct the
--   model int_metric_value_* that draws from it.
select
    metric_values.metric_code,
    metric_values.table_name,
    count(*) as values_count
from {{ ref('rpt_metric_values') }} as metric_values
left join {{ ref('metric_tables') }} as metric_tables
    on
        metric_values.metric_code = metric_tables.metric_code
        and metric_values.table_name = metric_tables.table_name
        and metric_tables.why_without_values = 'none'
where metric_tables.metric_code is null
group by metric_values.metric_code, metric_values.table_name
