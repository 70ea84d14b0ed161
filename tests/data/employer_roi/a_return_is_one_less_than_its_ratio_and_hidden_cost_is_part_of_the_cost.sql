-- What: roi = bcr - 1, net = benefit - cost, cost = visible + hidden, with some of both.
-- When it matters: different people read the two ratios; without hidden cost both flatter.
-- How to resolve: look at the macros benefit_cost_ratio and return_on_investment, and at
--   int_roi_account_judge.
select
    account_id,
    scenario,
    roi_rate,
    bcr,
    cost_amount,
    visible_cost_amount,
    hidden_cost_amount
from {{ ref('rpt_employer_roi') }}
where
    abs(roi_rate - (bcr - 1)) > 1e-9
    or net_benefit_amount <> benefit_amount - cost_amount
    or cost_amount <> visible_cost_amount + hidden_cost_amount
    or (is_estimable and (coalesce(hidden_cost_amount, 0) = 0 or visible_cost_amount is null))
    or (hidden_cost_amount is not null and hidden_cost_amount > cost_amount)
