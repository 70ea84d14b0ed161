-- one row per account ('all' too) and case: the differences and rates that the case takes
with cases as (select * from {{ ref('roi_cases') }}),
differences as (select * from {{ ref('int_roi_difference_find') }}),

-- each case takes one end of each difference, less the share that is sorting
asked as (
    select
        differences.account_id as account_code,
        cases.case_code,
        differences.outcome_code,
        differences.basis,
        differences.evidence_grade,
        differences.treated_rate,
        differences.reason,
        differences.low_difference,
        differences.base_difference,
        differences.high_difference,
        1 - cases.sorting_share as caused_share,
        case differences.outcome_code
            when 'retained_12m_voluntary' then cases.retention_difference
            when 'filled_12m' then cases.filling_difference
            else cases.absence_difference
        end as asked_end
    from differences
    cross join cases
),

taken as (
    select
        *,
        caused_share * case asked_end
            when 'low' then low_difference
            when 'base' then base_difference
            when 'high' then high_difference
        end as difference
    from asked
)

select
    account_code,
    case_code,
    max(difference) filter (where outcome_code = 'retained_12m_voluntary')
        as retention_difference,
    max(difference) filter (where outcome_code = 'filled_12m') as filling_difference,
    max(difference) filter (where outcome_code = 'absence_hours_12m') as absence_difference,
    max(treated_rate) filter (where outcome_code = 'retained_12m_voluntary') as retained_rate,
    max(treated_rate) filter (where outcome_code = 'filled_12m') as filled_rate,
    max(basis) filter (where outcome_code = 'retained_12m_voluntary') as retention_basis,
    max(basis) filter (where outcome_code = 'filled_12m') as filling_basis,
    max(basis) filter (where outcome_code = 'absence_hours_12m') as absence_basis,
    max(evidence_grade) filter (where outcome_code = 'retained_12m_voluntary')
        as retention_grade,
    max(evidence_grade) filter (where outcome_code = 'filled_12m') as filling_grade,
    max(evidence_grade) filter (where outcome_code = 'absence_hours_12m') as absence_grade,
    max(reason) filter (where outcome_code = 'retained_12m_voluntary') as retention_reason,
    max(reason) filter (where outcome_code = 'filled_12m') as filling_reason,
    max(reason) filter (where outcome_code = 'absence_hours_12m') as absence_reason
from taken
group by account_code, case_code
