-- What: the adjusted difference is the participants' rate less the colleagues', lies in its
--   interval, and stands beside a grade; where it cannot be told, a reason stands there instead.
-- When it matters: a number without its grade, or a blank without its reason, would be misread.
-- How to resolve: follow the row from int_outcome_judge to rpt_workforce_outcomes.
select
    account_id,
    outcome_code,
    stratum,
    is_estimable,
    adjusted_difference,
    evidence_grade,
    reason
from {{ ref('rpt_workforce_outcomes') }}
where
    case
        when is_estimable
            then
                reason is not null
                or evidence_grade is null
                or coalesce(
                    abs(treated_rate - comparison_rate - adjusted_difference) > 1e-12, true
                )
                or coalesce(adjusted_difference not between ci_low and ci_high, true)
        else
            reason is null
            or evidence_grade is not null
            or adjusted_difference is not null
            or treated_rate is not null
    end
