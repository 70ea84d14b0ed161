-- The four causes, those by which nothing moved too. Restated: what the last release had and this one has otherwise.
select
    causes.cause,
    causes.cause_order,
    count(changes.metric_code) as changes_count,
    count(changes.metric_code) filter (
        where changes.old_value is not null and changes.new_value is not null
    ) as restated_count,
    count(distinct changes.metric_code) as metrics_count,
    count(distinct changes.account_id) filter (where changes.account_id not in ('all', 'unknown')) as accounts_count
from (
    values ('new_period', 1), ('late_data', 2), ('correction', 3), ('definition_change', 4)
) as causes(cause, cause_order)
left join mart.changes as changes on causes.cause = changes.cause
group by causes.cause, causes.cause_order
order by causes.cause_order
