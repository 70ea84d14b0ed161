-- one row per account ('all' too) with a return and case: what the case comes to
with judged as (select * from {{ ref('int_roi_account_judge') }}),
flows as (select * from {{ ref('int_roi_cash_flow_spread') }}),

paid_back as (
    {{ payback_months('flows', ['account_code', 'case_code'], 'net_amount') }}
),

summed as (
    select
        account_code,
        case_code,
        cast(sum(benefit_amount) as decimal(18, 2)) as benefit_amount,
        cast(sum(discounted_net_amount) as decimal(18, 2)) as npv_amount
    from flows
    group by account_code, case_code
)

select
    summed.account_code,
    summed.case_code,
    summed.benefit_amount,
    judged.cost_amount,
    cast(summed.benefit_amount - judged.cost_amount as decimal(18, 2)) as net_benefit_amount,
    {{ return_on_investment('summed.benefit_amount', 'judged.cost_amount') }} as roi_rate,
    {{ benefit_cost_ratio('summed.benefit_amount', 'judged.cost_amount') }} as bcr,
    paid_back.payback_months,
    summed.npv_amount
from summed
inner join judged on summed.account_code = judged.account_code
inner join paid_back
    on summed.account_code = paid_back.account_code and summed.case_code = paid_back.case_code
