-- What: a worker has at most one version in force at the as-of date.
-- When it matters: a join on the current version would count the worker twice.
-- How to resolve: dim_workers derives it from effective_from; mend it there.
select
    account_id,
    worker_id,
    count(*) as versions_count
from {{ ref('dim_workers') }}
where is_current
group by account_id, worker_id
having count(*) > 1
