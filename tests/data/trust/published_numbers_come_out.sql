-- What: every number of the literature in the seed `validation_cases` comes out, within its
--   tolerance, of the macros that the marts use.
-- When it matters: a formula that misses a published result is wrong everywhere it is used.
-- How to resolve: computed is null: the case_code is spelled as its int_validation model spells it?
--   Otherwise undo the last change to the macro; never change the expected number.
select
    case_code,
    source,
    expected,
    computed,
    tolerance
from {{ ref('rpt_validation_cases') }}
where not is_passed
