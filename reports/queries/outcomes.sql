-- What an early signal is held against, in the order of the journey.
select distinct validity.outcome_code as value, metrics.title as label, indicators.indicator_order
from mart.rpt_indicator_validity as validity
inner join mart.dim_metrics as metrics on validity.outcome_code = metrics.metric_code
inner join mart.rpt_indicators as indicators on validity.outcome_code = indicators.indicator_code
order by indicators.indicator_order
