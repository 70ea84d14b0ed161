-- What: every verb of a landed learning event is listed in the seed `verbs`.
-- When it matters: an unlisted verb is neither login nor learning, so its learners look inactive.
-- How to resolve: add the verb to seeds/verbs.csv with what it means. A warning: the rest is right.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_learning_event'}}}) }}
select
    events.verb,
    count(*) as events_count
from {{ ref('stg_learning_event') }} as events
left join {{ ref('verbs') }} as verbs on events.verb = verbs.verb
where verbs.verb is null
group by events.verb
