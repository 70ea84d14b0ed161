-- one row per account and stratum: how unlike the arms still are; are the controls clear?
with categories as (select * from {{ ref('int_outcome_category_balance') }}),
numbers as (select * from {{ ref('int_outcome_number_balance') }}),
controls as (select * from {{ ref('int_outcome_control_test') }}),
covariates as (select * from {{ ref('strata_covariates') }}),

-- a control is judged by its interval, not by its size
compared as (
    select
        categories.account_id,
        categories.stratum,
        categories.covariate_code,
        categories.difference_after
    from categories
    inner join covariates on categories.covariate_code = covariates.covariate_code
    where categories.covariate_code <> 'moved_before' or covariates.is_used
    union all
    select
        account_id,
        stratum,
        covariate_code,
        difference_after
    from numbers
),

-- absence before tells of absence after, and of nothing else that is asked
balances as (
    select
        account_id,
        stratum,
        max(case when covariate_code <> 'absence_hours_before' then abs(difference_after) end)
            as max_standardized_difference,
        max(abs(difference_after)) as max_difference_with_absence
    from compared
    group by account_id, stratum
),

tested as (
    select
        account_id,
        bool_and(is_clear) as are_controls_clear
    from controls
    group by account_id
),

-- the controls of an account hold for its strata, which are too small to have their own
final as (
    select
        balances.account_id,
        balances.stratum,
        balances.max_standardized_difference,
        balances.max_difference_with_absence,
        tested.are_controls_clear
    from balances
    left join tested on balances.account_id = tested.account_id
)

select * from final
