select distinct
    facts.indicator_code as value,
    metrics.title || ' (' || facts.signal_class || ')' as label,
    facts.indicator_order
from mart.rpt_indicators as facts
inner join mart.dim_metrics as metrics on facts.indicator_code = metrics.metric_code
order by facts.indicator_order
