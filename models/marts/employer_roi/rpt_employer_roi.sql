with judged as (select * from {{ ref('int_roi_account_judge') }}),
sums as (select * from {{ ref('int_roi_case_sum') }}),
cases as (select * from {{ ref('roi_cases') }}),
unit_values as (select * from {{ ref('int_roi_unit_value_measure') }}),

scenarios as (
    select
        case_code,
        case_order as scenario_order,
        setting as scenario
    from cases
    where parameter_code = 'scenario'
),

-- what one who stays is worth: the end of its range, whatever the sign of a difference
valued as (
    select
        judged.*,
        scenarios.case_code,
        scenarios.scenario,
        scenarios.scenario_order,
        case scenarios.scenario
            when 'low' then unit_values.low_value
            when 'base' then unit_values.base_value
            else unit_values.high_value
        end as value_of_one
    from judged
    cross join scenarios
    left join unit_values
        on
            judged.account_code = unit_values.account_code
            and unit_values.parameter = 'turnover_cost_share_of_pay'
),

final as (
    select
        {{ surrogate_key(['valued.account_code', 'valued.scenario']) }} as employer_roi_key,
        valued.account_code as account_id,
        valued.scenario,
        valued.scenario_order,
        valued.period_start,
        valued.period_end,
        valued.is_estimable,
        valued.reason,
        valued.caveat,
        valued.evidence_grade,
        valued.benefit_basis,
        valued.parameter_source,
        valued.accounts_count,
        valued.left_out_accounts_count,
        valued.participants_count,
        valued.pay_known_count,
        valued.unlinked_count,
        valued.months_count,
        valued.months_without_cost_count,
        sums.benefit_amount,
        valued.cost_amount,
        valued.visible_cost_amount,
        valued.hidden_cost_amount,
        {{ rate('valued.hidden_cost_amount', 'valued.cost_amount') }} as hidden_cost_share,
        sums.net_benefit_amount,
        sums.roi_rate,
        sums.bcr,
        sums.payback_months,
        sums.npv_amount,
        {{ break_even_difference(
            'valued.cost_amount', 'valued.participants_count', 'valued.value_of_one'
        ) }} as break_even_retention_difference,
        '{{ var("reporting_currency") }}' as currency
    from valued
    left join sums
        on valued.account_code = sums.account_code and valued.case_code = sums.case_code
)

select * from final
