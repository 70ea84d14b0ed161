-- What: a colleague in a comparison had not enrolled by the end of the index month.
-- When it matters: participants would be compared with participants, and the difference shrink.
-- How to resolve: the condition on the month of enrolling in int_trial_candidate_find.
select
    trials.account_id,
    trials.worker_id,
    trials.index_month,
    worker_months.is_enrolled_ever
from {{ ref('fct_outcome_trials') }} as trials
inner join {{ ref('fct_worker_months') }} as worker_months
    on
        trials.account_id = worker_months.account_id
        and trials.worker_id = worker_months.worker_id
        and trials.index_month = worker_months.month
where trials.arm = 'comparison' and worker_months.is_enrolled_ever
