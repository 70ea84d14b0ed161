-- one row per account ('all' too): whether a return can be told, and what it lacks
with sums as (select * from {{ ref('int_roi_pool_sum') }}),
benefits as (select * from {{ ref('int_roi_benefit_compute') }}),
differences as (select * from {{ ref('int_roi_difference_find') }}),
unit_values as (select * from {{ ref('int_roi_unit_value_measure') }}),

turnover as (
    select
        account_code,
        reason
    from benefits
    where case_code = 'scenario_base' and line_code = 'turnover_avoided'
),

-- the lines that a return is made of, and those that it lacks
line_sums as (
    select
        account_code,
        max(evidence_grade) filter (where amount is not null) as evidence_grade,
        max(basis) filter (where amount is not null) as benefit_basis,
        nullif(concat_ws(
            '; ',
            max(case
                when line_code = 'internal_filling' and amount is null
                    then concat('without internal_filling: ', reason)
            end),
            max(case
                when line_code = 'absence_avoided' and amount is null
                    then concat('without absence_avoided: ', reason)
            end)
        ), '') as missing_lines
    from benefits
    where case_code = 'scenario_base'
    group by account_code
),

used_sources as (
    select
        unit_values.account_code,
        case max(
            case unit_values.value_source
                when 'finance_approved' then 1 when 'client_estimate' then 2 else 3
            end
        )
            when 1 then 'finance_approved'
            when 2 then 'client_estimate'
            when 3 then 'benchmark'
        end as parameter_source
    from unit_values
    left join benefits
        on
            unit_values.account_code = benefits.account_code
            and unit_values.parameter = benefits.parameter
            and benefits.case_code = 'scenario_base'
    where unit_values.parameter = 'discount_rate' or benefits.amount is not null
    group by unit_values.account_code
),

gathered as (
    select
        sums.*,
        turnover.reason as turnover_reason,
        differences.account_id is not null as has_difference,
        differences.reason as difference_reason,
        differences.treated_count,
        differences.matched_count,
        line_sums.evidence_grade,
        line_sums.benefit_basis,
        line_sums.missing_lines,
        used_sources.parameter_source
    from sums
    left join turnover on sums.account_code = turnover.account_code
    left join line_sums on sums.account_code = line_sums.account_code
    left join used_sources on sums.account_code = used_sources.account_code
    left join differences
        on
            sums.account_code = differences.account_id
            and differences.outcome_code = 'retained_12m_voluntary'
),

reasoned as (
    select
        *,
        nullif(concat_ws(
            '; ',
            case
                when not has_difference then 'no participant has landed'
                when difference_reason is not null
                    then concat('no difference in staying: ', difference_reason)
                else turnover_reason
            end,
            cost_reason,
            case
                when difference_reason is null and turnover_reason = value_reason then null
                else value_reason
            end
        ), '') as reason
    from gathered
)

select
    account_code,
    period_start,
    period_end,
    accounts_count,
    left_out_accounts_count,
    participants_count,
    pay_known_count,
    unlinked_count,
    months_count,
    months_without_cost_count,
    visible_cost_amount,
    hidden_cost_amount,
    cost_amount,
    reason is null as is_estimable,
    reason,
    case when reason is null then evidence_grade end as evidence_grade,
    case when reason is null then benefit_basis end as benefit_basis,
    case when reason is null then parameter_source end as parameter_source,
    case when reason is null then nullif(concat_ws(
        '; ',
        case
            when matched_count < treated_count
                then concat(
                    cast(matched_count as {{ dbt.type_string() }}),
                    ' of ',
                    cast(treated_count as {{ dbt.type_string() }}),
                    ' participants have comparable colleagues: the others are taken to be like them'
                )
        end,
        missing_lines,
        case
            when months_without_cost_count > 0
                then concat(
                    'no cost has landed for ',
                    cast(months_without_cost_count as {{ dbt.type_string() }}),
                    ' of ',
                    cast(months_count as {{ dbt.type_string() }}),
                    ' months'
                )
        end,
        case
            when pay_known_count < participants_count
                then 'the pay of some participants is not known and taken as that of the others'
        end,
        case
            when unlinked_count > 0
                then
                    'some enrollments are linked to no worker: their cost counts, what came of them'
                    || ' does not'
        end,
        case
            when not has_earlier_cost
                then
                    'no cost has landed from before the period: what is spent after it on those who'
                    || ' enrolled last is in no number, so that the return is rather too high'
        end,
        case
            when left_out_accounts_count > 0
                then concat(
                    'the differences are also those of ',
                    cast(left_out_accounts_count as {{ dbt.type_string() }}),
                    case when left_out_accounts_count = 1 then ' account' else ' accounts' end,
                    ' whose cost or values are not known'
                )
        end
    ), '') end as caveat
from reasoned
