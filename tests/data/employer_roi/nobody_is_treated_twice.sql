-- What: a worker is a participant in one trial at most, that of the month of the first enrollment.
-- When it matters: people would count several times, and some before they enrolled.
-- How to resolve: look at int_worker_enrollment_find: it has one month for each worker.
select
    account_id,
    worker_id,
    count(*) as trials_count
from {{ ref('fct_outcome_trials') }}
where arm = 'treated'
group by account_id, worker_id
having count(*) > 1
