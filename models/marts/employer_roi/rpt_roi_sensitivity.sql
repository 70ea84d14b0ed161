with sums as (select * from {{ ref('int_roi_case_sum') }}),
cases as (select * from {{ ref('roi_cases') }}),
differences as (select * from {{ ref('int_roi_difference_find') }}),
unit_values as (select * from {{ ref('int_roi_unit_value_measure') }}),
benefits as (select * from {{ ref('int_roi_benefit_compute') }}),

-- a parameter whose line could not be computed moves nothing
used_parameters as (
    select
        account_code,
        parameter
    from benefits
    where case_code = 'scenario_base' and amount is not null
    group by account_code, parameter
),

ranges as (
    select
        account_id as account_code,
        case outcome_code
            when 'retained_12m_voluntary' then 'retention_difference'
            when 'filled_12m' then 'filling_difference'
            else 'absence_difference'
        end as parameter_code,
        low_difference as low_end,
        high_difference as high_end
    from differences
    -- a plain difference has no interval
    where basis = 'adjusted'
    union all
    select
        unit_values.account_code,
        unit_values.parameter as parameter_code,
        unit_values.low_mean as low_end,
        unit_values.high_mean as high_end
    from unit_values
    left join used_parameters
        on
            unit_values.account_code = used_parameters.account_code
            and unit_values.parameter = used_parameters.parameter
    where unit_values.parameter = 'discount_rate' or used_parameters.parameter is not null
),

settings as (
    select
        sums.account_code,
        cases.parameter_code,
        cases.setting,
        cases.case_order,
        case
            when cases.parameter_code = 'sorting_share' then cases.sorting_share
            when cases.setting = 'low' then ranges.low_end
            else ranges.high_end
        end as parameter_value,
        sums.benefit_amount,
        sums.net_benefit_amount,
        sums.roi_rate,
        sums.bcr,
        sums.npv_amount
    from sums
    inner join cases on sums.case_code = cases.case_code and cases.parameter_code <> 'scenario'
    left join ranges
        on
            sums.account_code = ranges.account_code
            and cases.parameter_code = ranges.parameter_code
),

swings as (
    select
        account_code,
        parameter_code,
        max(net_benefit_amount) - min(net_benefit_amount) as swing
    from settings
    where parameter_value is not null
    group by account_code, parameter_code
),

ranked as (
    select
        account_code,
        parameter_code,
        cast(swing as decimal(18, 2)) as swing_amount,
        cast(row_number() over (
            partition by account_code order by swing desc, parameter_code asc
        ) as bigint) as swing_rank
    from swings
),

final as (
    select
        {{ surrogate_key([
            'settings.account_code', 'settings.parameter_code', 'settings.setting'
        ]) }} as roi_sensitivity_key,
        settings.account_code as account_id,
        settings.parameter_code,
        settings.setting,
        settings.case_order as setting_order,
        settings.parameter_value,
        settings.benefit_amount,
        settings.net_benefit_amount,
        settings.roi_rate,
        settings.bcr,
        settings.npv_amount,
        ranked.swing_amount,
        ranked.swing_rank,
        '{{ var("reporting_currency") }}' as currency
    from settings
    inner join ranked
        on
            settings.account_code = ranked.account_code
            and settings.parameter_code = ranked.parameter_code
    where settings.parameter_value is not null
)

select * from final
