-- What: everyone in a trial is employed and eligible on its first day and does not leave in it.
-- When it matters: one arm would have days in which leaving was impossible.
-- How to resolve: the conditions of int_trial_candidate_find; they are the same for both arms.
select
    trials.account_id,
    trials.worker_id,
    trials.index_month,
    trials.arm
from {{ ref('fct_outcome_trials') }} as trials
left join {{ ref('fct_worker_months') }} as worker_months
    on
        trials.account_id = worker_months.account_id
        and trials.worker_id = worker_months.worker_id
        and trials.index_month = worker_months.month
where
    worker_months.worker_id is null
    or not worker_months.is_employed
    or not worker_months.is_eligible
    or worker_months.is_terminated
