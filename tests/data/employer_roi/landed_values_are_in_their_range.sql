-- What: every landed value parameter has low <= base <= high, none below 0, shares as fractions.
-- When it matters: a value out of its range is not used, and its account has no return: 21 for 21 %
--   would make millions.
-- How to resolve: land the parameter again with the same key. A warning: other accounts are right.
{{ config(severity='warn') }}
select
    account_id,
    parameter,
    job_level,
    valid_from,
    low,
    base,
    high,
    isolation,
    confidence
from {{ ref('stg_value_parameter') }}
where
    low > base
    or base > high
    or low < 0
    or (parameter in ('discount_rate', 'margin_rate') and high > 1)
    or (parameter = 'turnover_cost_share_of_pay' and high > 3)
    or isolation < 0 or isolation > 1
    or confidence < 0 or confidence > 1
