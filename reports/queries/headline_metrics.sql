-- The metrics whose numbers stand on the front page.
select stages.metric_code
from mart.dim_stages as stages
where stages.dated_by = 'fct_enrollment_journeys' and stages.previous_stage_code is not null
union
select codes.metric_code
from (
    values
    ('weekly_engagement_rate'),
    ('on_time_rate'),
    ('retained_12m_voluntary'),
    ('bcr'),
    ('grr'),
    ('nrr'),
    ('peak_profit_share'),
    ('profit_erosion'),
    ('unused_capacity_cost')
) as codes(metric_code)
order by metric_code
