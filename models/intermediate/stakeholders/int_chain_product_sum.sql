-- one row per link of the chain, lag and account: sums of squares and products about the account's
-- own means (x: the role before, z: the role itself a month ago, y: the role), and how much of
-- those of x and z is chance of who answered
with pairs as (select * from {{ ref('int_chain_pair_expand') }}),

means as (
    select
        chain_role,
        lag_months,
        account_id,
        {{ exact_sum('confidence') }} / count(*) as y_mean,
        {{ exact_sum('upstream_confidence') }} / count(*) as x_mean,
        {{ exact_sum('own_confidence') }} / count(*) as z_mean
    from pairs
    group by chain_role, lag_months, account_id
    -- one month has no distance from its own mean
    having count(*) > 1
),

centred as (
    select
        pairs.chain_role,
        pairs.lag_months,
        pairs.account_id,
        pairs.confidence - means.y_mean as y,
        pairs.upstream_confidence - means.x_mean as x,
        pairs.own_confidence - means.z_mean as z,
        pairs.upstream_variance,
        pairs.own_variance
    from pairs
    inner join means
        on
            pairs.chain_role = means.chain_role
            and pairs.lag_months = means.lag_months
            and pairs.account_id = means.account_id
),

summed as (
    select
        chain_role,
        lag_months,
        account_id,
        count(*) as months_count,
        {{ exact_sum('y * y') }} as yy,
        {{ exact_sum('x * x') }} as xx,
        {{ exact_sum('z * z') }} as zz,
        {{ exact_sum('x * y') }} as xy,
        {{ exact_sum('z * y') }} as zy,
        {{ exact_sum('x * z') }} as xz,
        -- of n squares about their mean, chance makes n - 1
        {{ exact_sum('upstream_variance') }} * (count(*) - 1) / count(*) as x_error,
        {{ exact_sum('own_variance') }} * (count(*) - 1) / count(*) as z_error
    from centred
    group by chain_role, lag_months, account_id
),

final as (
    select
        chain_role,
        lag_months,
        account_id,
        cast(
            (row_number() over (partition by chain_role, lag_months order by account_id) - 1) % 5
            as int
        ) as fold_no,
        cast(months_count as bigint) as months_count,
        yy,
        xx,
        zz,
        xy,
        zy,
        xz,
        x_error,
        z_error
    from summed
)

select * from final
