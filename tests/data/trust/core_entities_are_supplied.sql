-- What: every core entity that the journeys need has at least one accepted row.
-- When it matters: without it a release would be empty, and look like a company without learners.
-- How to resolve: look at LANDING_DIR, then at the failed batches and rejected rows of the load.
select
    family,
    entity
from {{ ref('rpt_source_health') }}
where entity in ('account', 'participant', 'program', 'enrollment') and accepted_count = 0
