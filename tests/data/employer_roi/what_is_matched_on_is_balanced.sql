-- What: after weighting, participants and colleagues have the same share of every category that the
--   strata are exact on.
-- When it matters: else the weights are not those of the strata, and differences are not of like.
-- How to resolve: compare trial_weight and stratum in int_trial_observe for the account.
select
    account_id,
    covariate_code,
    category_code,
    treated_matched_value,
    comparison_after
from {{ ref('rpt_workforce_balance') }}
where is_matched_on and abs(treated_matched_value - comparison_after) > 1e-9
