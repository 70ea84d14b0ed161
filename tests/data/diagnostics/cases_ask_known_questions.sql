-- What: each diagnostic case asks one of the questions of its diagnosis in `diagnostic_questions`.
-- When it matters: evidence for or against is shown beside a case by the code of its question.
-- How to resolve: land the codes D1 to D12, or add the question to the seed. A warning: the case
--   itself is shown as it landed.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'fct_interventions'}}}) }}
select
    cases.case_id,
    cases.diagnosis,
    cases.question_code
from {{ ref('fct_interventions') }} as cases
left join {{ ref('diagnostic_questions') }} as questions
    on
        cases.question_code = questions.question_code
        and cases.diagnosis = questions.diagnosis
where cases.question_code is not null and questions.question_code is null
