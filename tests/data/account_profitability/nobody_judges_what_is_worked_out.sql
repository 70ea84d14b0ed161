-- What: no landed rating is of a criterion that is worked out from the ledger.
-- When it matters: revenue or net profit would count twice, once as judged, also in the tier
--   without profit.
-- How to resolve: do not land ratings of revenue and net profit. A warning: they count as any other
--   judgement.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_account_rating'}}}) }}
select
    ratings.account_id,
    ratings.quarter_start,
    ratings.criterion
from {{ ref('stg_account_rating') }} as ratings
inner join {{ ref('tier_criteria') }} as criteria
    on ratings.criterion = criteria.criterion and criteria.rating_source <> 'rating'
