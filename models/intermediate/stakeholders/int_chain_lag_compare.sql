-- one row per link of the chain and lag: how far off accounts are that were not used to fit it
with products as (select * from {{ ref('int_chain_product_sum') }}),

folds as (
    select
        chain_role,
        lag_months,
        fold_no,
        sum(months_count) as months_count,
        {{ exact_sum('yy') }} as yy,
        {{ exact_sum('xx') }} as xx,
        {{ exact_sum('zz') }} as zz,
        {{ exact_sum('xy') }} as xy,
        {{ exact_sum('zy') }} as zy,
        {{ exact_sum('xz') }} as xz
    from products
    group by chain_role, lag_months, fold_no
),

-- the sums of all other folds
others as (
    select
        folds.chain_role,
        folds.lag_months,
        folds.fold_no,
        {{ exact_sum('other_folds.xx') }} as xx,
        {{ exact_sum('other_folds.zz') }} as zz,
        {{ exact_sum('other_folds.xy') }} as xy,
        {{ exact_sum('other_folds.zy') }} as zy,
        {{ exact_sum('other_folds.xz') }} as xz
    from folds
    inner join folds as other_folds
        on
            folds.chain_role = other_folds.chain_role
            and folds.lag_months = other_folds.lag_months
            and folds.fold_no <> other_folds.fold_no
    group by folds.chain_role, folds.lag_months, folds.fold_no
),

fitted as (
    select
        chain_role,
        lag_months,
        fold_no,
        (xy * zz - zy * xz) / nullif(xx * zz - xz * xz, 0) as slope,
        (zy * xx - xy * xz) / nullif(xx * zz - xz * xz, 0) as own_slope
    from others
),

missed as (
    select
        folds.chain_role,
        folds.lag_months,
        folds.months_count,
        folds.yy - 2 * fitted.slope * folds.xy - 2 * fitted.own_slope * folds.zy
        + fitted.slope * fitted.slope * folds.xx
        + 2 * fitted.slope * fitted.own_slope * folds.xz
        + fitted.own_slope * fitted.own_slope * folds.zz as squared_error
    from folds
    inner join fitted
        on
            folds.chain_role = fitted.chain_role
            and folds.lag_months = fitted.lag_months
            and folds.fold_no = fitted.fold_no
),

compared as (
    select
        chain_role,
        lag_months,
        case
            when count(squared_error) = count(*)
                then sqrt({{ exact_sum('squared_error') }} / sum(months_count))
        end as out_of_sample_error
    from missed
    group by chain_role, lag_months
),

final as (
    select
        chain_role,
        lag_months,
        out_of_sample_error,
        row_number() over (
            partition by chain_role
            order by out_of_sample_error is null, out_of_sample_error, lag_months
        ) = 1 as is_best
    from compared
)

select * from final
