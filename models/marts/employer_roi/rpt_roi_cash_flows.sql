with flows as (select * from {{ ref('int_roi_cash_flow_spread') }}),
cases as (select * from {{ ref('roi_cases') }}),

final as (
    select
        {{ surrogate_key(['flows.account_code', 'cases.setting', 'flows.month']) }}
            as roi_cash_flow_key,
        flows.account_code as account_id,
        cases.setting as scenario,
        flows.month,
        flows.month_no,
        flows.benefit_amount,
        flows.cost_amount,
        flows.cumulative_net_amount,
        flows.discounted_net_amount,
        '{{ var("reporting_currency") }}' as currency
    from flows
    inner join cases on flows.case_code = cases.case_code and cases.parameter_code = 'scenario'
)

select * from final
