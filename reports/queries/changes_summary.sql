-- How much changed since the last release, and whether that release kept any of these values: if it did not, every
-- published value came.
select
    count(*) as changes_count,
    count(distinct metric_code) as metrics_count,
    count(distinct account_id) filter (where account_id not in ('all', 'unknown')) as accounts_count,
    count(old_value) > 0
    or count(*) < coalesce((select sum(values_count) from mart.metric_counts), 0) as is_comparable
from mart.changes
