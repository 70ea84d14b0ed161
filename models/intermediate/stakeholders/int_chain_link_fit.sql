-- one row per link of the chain, at its best lag: slopes, the chance in their measures taken off
with products as (select * from {{ ref('int_chain_product_sum') }}),
lags as (select * from {{ ref('int_chain_lag_compare') }}),

-- errors in variables: Fuller 1987, Measurement Error Models, 2.2
corrected as (
    select
        products.chain_role,
        products.lag_months,
        lags.out_of_sample_error,
        products.account_id,
        products.months_count,
        products.xx - products.x_error as xx,
        products.zz - products.z_error as zz,
        products.xy,
        products.zy,
        products.xz
    from products
    inner join lags
        on
            products.chain_role = lags.chain_role
            and products.lag_months = lags.lag_months
            and lags.is_best
),

summed as (
    select
        chain_role,
        lag_months,
        out_of_sample_error,
        count(*) as accounts_count,
        sum(months_count) as panel_count,
        {{ exact_sum('xx') }} as all_xx,
        {{ exact_sum('zz') }} as all_zz,
        {{ exact_sum('xy') }} as all_xy,
        {{ exact_sum('zy') }} as all_zy,
        {{ exact_sum('xz') }} as all_xz
    from corrected
    group by chain_role, lag_months, out_of_sample_error
),

-- without anything but chance in a measure there is no slope
determined as (
    select
        *,
        case
            when all_xx > 0 and all_zz > 0 and all_xx * all_zz > all_xz * all_xz
                then all_xx * all_zz - all_xz * all_xz
        end as determinant
    from summed
),

fitted as (
    select
        *,
        (all_xy * all_zz - all_zy * all_xz) / determinant as slope,
        (all_zy * all_xx - all_xy * all_xz) / determinant as own_slope
    from determined
),

-- the months of an account are not independent: Liang and Zeger 1986, Biometrika 73:13-22
scored as (
    select
        fitted.chain_role,
        corrected.xy - fitted.slope * corrected.xx - fitted.own_slope * corrected.xz as x_score,
        corrected.zy - fitted.slope * corrected.xz - fitted.own_slope * corrected.zz as z_score
    from fitted
    inner join corrected on fitted.chain_role = corrected.chain_role
),

spread as (
    select
        chain_role,
        {{ exact_sum('x_score * x_score') }} as x_spread,
        {{ exact_sum('z_score * z_score') }} as z_spread,
        {{ exact_sum('x_score * z_score') }} as xz_spread
    from scored
    group by chain_role
),

final as (
    select
        fitted.chain_role,
        fitted.lag_months,
        fitted.out_of_sample_error,
        cast(fitted.accounts_count as bigint) as accounts_count,
        cast(fitted.panel_count as bigint) as panel_count,
        fitted.slope as coefficient,
        fitted.own_slope as own_coefficient,
        -- CR1: for few accounts and two slopes
        sqrt(
            (
                fitted.all_zz * fitted.all_zz * spread.x_spread
                - 2 * fitted.all_zz * fitted.all_xz * spread.xz_spread
                + fitted.all_xz * fitted.all_xz * spread.z_spread
            )
            * fitted.accounts_count / nullif(fitted.accounts_count - 1, 0)
            * (fitted.panel_count - 1) / nullif(fitted.panel_count - 2, 0)
        ) / fitted.determinant as standard_error
    from fitted
    inner join spread on fitted.chain_role = spread.chain_role
)

select * from final
