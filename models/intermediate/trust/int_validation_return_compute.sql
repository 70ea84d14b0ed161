-- one row per published number of returns and of the value of retention, computed from its input
with reference_returns as (select * from {{ ref('reference_returns') }}),
reference_customer_education as (select * from {{ ref('reference_customer_education') }}),

benefits as (
    select
        study_code,
        cost_amount,
        {{ isolated_benefit('volume_amount * margin_rate', 'isolation', 'confidence') }}
            as benefit_amount
    from reference_returns
),

-- the published table goes on with the lift as it prints it, to a tenth of a percent
lifts as (
    select
        *,
        round(offered_rate * used_rate * lift_rate, 3) as lift
    from reference_customer_education
),

earlier_lifts as (
    select
        *,
        coalesce(lag(lift, 1) over (partition by study_code order by year_no), 0) as last_lift,
        coalesce(lag(lift, 2) over (partition by study_code order by year_no), 0)
            as lift_before_last
    from lifts
),

-- what was retained the year before is retained again, and a part of it more
retained as (
    select
        *,
        revenue_amount * (1 + lift_before_last) * last_lift as retained_amount
    from earlier_lifts
),

profits as (
    select
        *,
        {{ isolated_benefit('retained_amount * margin_rate', '1 - risk_rate', '1') }}
            as benefit_amount
    from retained
),

final as (
    select
        concat(study_code, '_benefit_cost_ratio') as case_code,
        {{ benefit_cost_ratio('benefit_amount', 'cost_amount') }} as computed
    from benefits
    union all
    select
        concat(study_code, '_return') as case_code,
        {{ return_on_investment('benefit_amount', 'cost_amount') }} as computed
    from benefits
    union all
    select
        concat(study_code, '_net_benefit') as case_code,
        benefit_amount - cost_amount as computed
    from benefits
    union all
    select
        concat(study_code, '_year_', cast(year_no as {{ dbt.type_string() }}), '_lift')
            as case_code,
        lift as computed
    from profits
    union all
    select
        concat(study_code, '_year_', cast(year_no as {{ dbt.type_string() }}), '_retained')
            as case_code,
        cast(retained_amount as double) as computed
    from profits
    union all
    select
        concat(study_code, '_year_', cast(year_no as {{ dbt.type_string() }}), '_benefit')
            as case_code,
        benefit_amount as computed
    from profits
    union all
    select
        concat(study_code, '_present_value') as case_code,
        sum({{ present_value('benefit_amount', 'discount_rate', '12 * year_no') }}) as computed
    from profits
    group by study_code
)

select * from final
