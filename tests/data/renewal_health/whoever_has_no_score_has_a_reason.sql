-- What: a component has a score, a grade and people behind it, or a reason why not; nothing comes
--   from the time after the day.
-- When it matters: a blank without its reason would be read as zero.
-- How to resolve: follow the row from int_health_component_measure to rpt_health_components.
select
    account_id,
    month,
    component_code,
    score,
    evidence_grade,
    reason,
    evidence_age_days
from {{ ref('rpt_health_components') }}
where
    is_supplied <> (score is not null)
    or is_supplied <> (value is not null)
    or is_supplied <> (evidence_grade is not null)
    or is_supplied = (reason is not null)
    or evidence_age_days < 0
