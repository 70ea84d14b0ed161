-- What: nothing is missing for the net profit of any account and month.
-- When it matters: an account that is held back is in no ranking, curve or tier of its period.
-- How to resolve: do what `what_to_do` says: it names entity, month and pair. A warning: what is
--   there is right.
{{ config(severity='warn') }}
select
    gap_code,
    what_to_do,
    held_account_months_count
from {{ ref('rpt_costing_gaps') }}
where holds_back
