-- What: no participant matches two workers, and no two participants match one worker.
-- When it matters: such participants are not linked, and are missing in what the employer gained.
-- How to resolve: rpt_identity_conflicts lists the pairs; land the right employee numbers, or
--   decide by a row of identity_override. A warning: nobody is linked wrongly.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'rpt_identity_conflicts'}}}) }}
select
    account_id,
    participant_id,
    worker_id
from {{ ref('rpt_identity_conflicts') }}
