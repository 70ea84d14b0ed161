-- one row per published survival, standard error and median time, computed from its published data
with reference_waits as (select * from {{ ref('reference_waits') }}),

waits as (
    select
        group_code,
        weeks as age_days,
        is_event,
        false as is_competing
    from reference_waits
),

estimates as (
    {{ cumulative_incidence('waits', ['group_code']) }}
),

final as (
    select
        concat('aml_', group_code, '_week_', age_days, '_survival') as case_code,
        survival as computed
    from estimates
    union all
    -- where nothing competes, the error of the incidence is that of survival
    select
        concat('aml_', group_code, '_week_', age_days, '_standard_error') as case_code,
        standard_error as computed
    from estimates
    union all
    select
        concat('aml_', group_code, '_median_weeks') as case_code,
        cast(min(age_days) as double) as computed
    from estimates
    where cumulative_incidence >= 0.5
    group by group_code
)

select * from final
