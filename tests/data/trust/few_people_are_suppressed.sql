-- What: people are counted behind all values that a table gives to a metric, or behind none; never
--   more on one side of a rate than there are in all; and too few of them are always suppressed.
-- When it matters: a value of a few people could leave the provider.
-- How to resolve: correct the columns of people in the model int_metric_value_* of the metric.
with metric_values as (select * from {{ ref('rpt_metric_values') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }})

select
    metric_values.metric_code,
    metric_values.table_name,
    count(*) as values_count,
    count(metric_values.people_count) as values_of_people_count,
    min(metric_values.fewest_people_count) as least_people_count
from metric_values
cross join thresholds
group by metric_values.metric_code, metric_values.table_name
having
    count(metric_values.people_count) not in (0, count(*))
    or count(metric_values.fewest_people_count) <> count(metric_values.people_count)
    or bool_or(metric_values.fewest_people_count > metric_values.people_count)
    or bool_or(metric_values.is_suppressed and metric_values.people_count is null)
    or bool_or(
        metric_values.fewest_people_count
        < least(thresholds.survey_people_least, thresholds.people_least)
        and not metric_values.is_suppressed
    )
