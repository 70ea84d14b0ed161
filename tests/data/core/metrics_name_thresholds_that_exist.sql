-- What: every threshold that a metric names exists, and a metric names four at most.
-- When it matters: a threshold that is misspelled, or a fifth one, is left out of the hash: it
--   could change and nobody would see that the metric has changed its meaning.
-- How to resolve: spell threshold_codes in the seed `metrics` as in the seed `thresholds`.
select
    metric_code,
    threshold_codes,
    thresholds_count
from {{ ref('dim_metrics') }}
where
    thresholds_count > 4
    or thresholds_count <> case
        when threshold_codes = 'none' then 0
        else length(threshold_codes) - length(replace(threshold_codes, ' ', '')) + 1
    end
