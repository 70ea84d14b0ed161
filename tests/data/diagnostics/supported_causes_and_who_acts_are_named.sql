-- What: a supported question, and each function that acts on it, is named at its stages.
-- When it matters: codes are written out in int_stage_cause_collect; one that is in the seeds
--   `diagnostic_questions` and `functions` only would be left out of the bottlenecks silently.
-- How to resolve: add the code to the list in
--   models/intermediate/diagnostics/int_stage_cause_collect.sql.
with evidence as (select * from {{ ref('rpt_diagnostic_evidence') }}),
stages as (select * from {{ ref('dim_stages') }}),
functions as (select * from {{ ref('functions') }}),
causes as (select * from {{ ref('int_stage_cause_collect') }})

select
    evidence.account_id,
    evidence.question_code,
    stages.stage_code,
    functions.function_code
from evidence
inner join stages
    on concat(' ', evidence.stage_codes, ' ') like concat('% ', stages.stage_code, ' %')
left join functions
    on concat(' ', evidence.function_codes, ' ') like concat('% ', functions.function_code, ' %')
left join causes
    on evidence.account_id = causes.account_id and stages.stage_code = causes.stage_code
where
    evidence.verdict = 'supported'
    and not coalesce(
        concat(' ', causes.question_codes, ' ') like concat('% ', evidence.question_code, ' %')
        and concat(' ', causes.function_codes, ' ')
        like concat('% ', functions.function_code, ' %'),
        false
    )
