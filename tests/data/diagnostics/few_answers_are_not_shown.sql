-- What: a value from a survey is shown only if minimum_observations or more people answered.
-- When it matters: fewer could be recognized in it.
-- How to resolve: look for the condition in rpt_diagnostic_evidence; do not lower the threshold
--   `minimum_observations` below five.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_diagnostic_evidence'}}}) }}
select
    evidence.account_id,
    evidence.question_code,
    evidence.evidence_count
from {{ ref('rpt_diagnostic_evidence') }} as evidence
inner join {{ ref('diagnostic_questions') }} as questions
    on evidence.question_code = questions.question_code
cross join {{ ref('int_threshold_pivot') }} as thresholds
where
    questions.entity = 'survey_response'
    and (evidence.value is not null or evidence.ci_low is not null)
    and evidence.evidence_count < greatest(5, thresholds.minimum_observations)
