-- What: the metric of every stage's step is in the dictionary of metrics.
-- When it matters: a plan for it could not be matched, and a page could not say what it means.
-- How to resolve: add the metric_code of the seed `stages` to the seed `metrics`.
select
    stages.stage_code,
    stages.metric_code
from {{ ref('dim_stages') }} as stages
left join {{ ref('dim_metrics') }} as metrics on stages.metric_code = metrics.metric_code
where metrics.metric_code is null
