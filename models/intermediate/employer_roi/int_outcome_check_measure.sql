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
        categories.difference_after
    from categories
    inner join covariates on categories.covariate_code = covariates.covariate_code
    where categories.covariate_code <> 'moved_before' or covariates.is_used
    union all
    select
        account_id,
        stratum,
        difference_after
    from numbers
    where covariate_code in ('tenure_months', 'base_pay_annual')
),

balances as (
    select
        account_id,
        stratum,
        max(abs(difference_after)) as max_standardized_difference
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
        tested.are_controls_clear
    from balances
    left join tested on balances.account_id = tested.account_id
)

select * from final
