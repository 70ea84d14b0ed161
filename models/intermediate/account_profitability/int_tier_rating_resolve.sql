-- one row per account, quarter and axis: what people judged, of four quarters, this the last
with quarters as (select * from {{ ref('int_tier_quarter_expand') }}),
ratings as (select * from {{ ref('stg_account_rating') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

rated as (
    select
        ratings.account_id,
        ratings.axis,
        ratings.criterion,
        ratings.weight,
        ratings.rating,
        ratings.quarter_start as rated_on,
        cast(
            4 * extract(year from ratings.quarter_start)
            + extract(quarter from ratings.quarter_start) as int
        ) as rated_quarter_no
    from ratings
    inner join as_of on ratings.quarter_start <= as_of.as_of_date
),

-- of each criterion the latest rating: what was not judged again is still what was said
latest as (
    select
        quarters.account_id,
        quarters.quarter_start,
        rated.axis,
        rated.weight,
        rated.rating,
        quarters.quarter_no - rated.rated_quarter_no as age_quarters
    from quarters
    inner join rated
        on
            quarters.account_id = rated.account_id
            and quarters.quarter_no >= rated.rated_quarter_no
            and quarters.quarter_no - 4 < rated.rated_quarter_no
    qualify
        row_number() over (
            partition by
                quarters.account_id, quarters.quarter_start, rated.axis, rated.criterion
            order by rated.rated_on desc
        ) = 1
),

final as (
    select
        account_id,
        quarter_start,
        axis,
        -- rounded: a mean of tens is 10, and not a little more
        cast(cast(
            cast(sum(weight * rating) as double) / cast(sum(weight) as double) as decimal(18, 12)
        ) as double) as rating,
        cast(max(age_quarters) as int) as age_quarters
    from latest
    group by account_id, quarter_start, axis
)

select * from final
