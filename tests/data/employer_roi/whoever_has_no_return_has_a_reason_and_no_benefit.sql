-- What: an account has a return or a reason, never both and never neither; without a return no
--   amount that needs one is shown.
-- When it matters: nobody can tell a missing return from a bad one.
-- How to resolve: look at int_roi_account_judge: a case is not covered by its reasons.
select
    account_id,
    scenario,
    is_estimable,
    reason,
    benefit_amount,
    roi_rate
from {{ ref('rpt_employer_roi') }}
where
    is_estimable = (reason is not null)
    or is_estimable <> (benefit_amount is not null)
    or is_estimable <> (roi_rate is not null)
    or is_estimable <> (npv_amount is not null)
    or is_estimable <> (evidence_grade is not null)
    or is_estimable <> (benefit_basis is not null)
    or is_estimable <> (parameter_source is not null)
    or (is_estimable and cost_amount is null)
