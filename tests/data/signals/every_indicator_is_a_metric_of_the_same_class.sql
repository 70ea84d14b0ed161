-- What: every indicator is defined in the seed `metrics`, with the same class.
-- When it matters: one page takes the class from dim_metrics, another from rpt_indicators.
-- How to resolve: correct signal_class in seeds/metrics.csv or in seeds/indicators.csv, or add the
--   missing metric.
select
    indicators.indicator_code,
    indicators.signal_class,
    metrics.signal_class as metric_signal_class
from {{ ref('indicators') }} as indicators
left join {{ ref('dim_metrics') }} as metrics
    on indicators.indicator_code = metrics.metric_code
where coalesce(metrics.signal_class <> indicators.signal_class, true)
