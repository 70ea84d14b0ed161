-- What: in each cell that has both, the colleagues' weights add up to the number of participants.
-- When it matters: the difference would be of other people than the participants.
-- How to resolve: look at the weights of int_trial_cell_weigh.
select
    account_id,
    index_month,
    stratum,
    sum(case when arm = 'treated' then trial_weight else 0 end) as treated_weight,
    sum(case when arm = 'comparison' then trial_weight else 0 end) as comparison_weight
from {{ ref('fct_outcome_trials') }}
group by account_id, index_month, stratum
having
    abs(
        sum(case when arm = 'treated' then trial_weight else 0 end)
        - sum(case when arm = 'comparison' then trial_weight else 0 end)
    ) > 1e-6
    or count(trial_weight) not in (0, count(*))
