-- What: the metric of every stage's step is in the dictionary of metrics.
-- When it matters: a plan for it could not be matched, and a page could not say what it means.
-- How to resolve: add the metric_code of the seed `stages` to the seed `metrics`.
select
    stages_in_order.stage_code,
    stages_in_order.metric_code
from {{ ref('dim_stages') }} as stages_in_order
left join {{ ref('dim_metrics') }} as dictionary
    on stages_in_order.metric_code = dictionary.metric_code
where dictionary.metric_code is null
