-- What: a renewal case that is not decided names a play and the function that owns it.
-- When it matters: a case without one is looked at by nobody until it is too late.
-- How to resolve: the seed `renewal_plays` needs a play of the condition `always`, its days from
--   renewal_case_days down to 0.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_renewal_cases'}}}) }}
select
    contract_id,
    days_to_end,
    next_play_code,
    function_code
from {{ ref('rpt_renewal_cases') }}
where not is_decided and (next_play_code is null or function_code is null)
