-- What: in one index month of an account both arms are followed for the same months.
-- When it matters: whoever is watched for longer leaves more often.
-- How to resolve: the follow-up depends on the index month alone: see int_trial_cell_weigh.
select
    account_id,
    index_month
from {{ ref('fct_outcome_trials') }}
group by account_id, index_month
having
    count(distinct is_followed_fully) > 1
    or count(distinct is_in_evaluation) > 1
