-- What: the metric of every stage's step, and every indicator with its class, is in dim_metrics.
-- When it matters: a plan for it could not be matched, and no page could say what it means.
-- How to resolve: add it to the seed `metrics`, with the class that the seed `indicators` gives it.
with measured as (
    select
        metric_code,
        'none' as signal_class
    from {{ ref('stages') }}
    union all
    select
        indicator_code as metric_code,
        signal_class
    from {{ ref('indicators') }}
)

select
    measured.metric_code,
    measured.signal_class
from measured
left join {{ ref('dim_metrics') }} as defined
    on
        measured.metric_code = defined.metric_code
        and measured.signal_class = defined.signal_class
where defined.metric_code is null
