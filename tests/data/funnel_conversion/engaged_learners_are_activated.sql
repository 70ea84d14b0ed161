-- What: whoever is engaged is also activated.
-- When it matters: three active weeks of the first four begin within the activation window by
--   arithmetic. If this fails, the two windows in the seed `thresholds` no longer fit together, and
--   the funnel is no sequence.
-- How to resolve: make the activation window at least as long as the first weeks that engagement
--   can start in.
select enrollment_id
from {{ ref('fct_enrollment_journeys') }}
where engaged_at is not null and activated_at is null
