-- one row per account and quarter in which it is there: its scores, and the tier due by the matrix
with accounts as (
    select *
    from {{ ref('int_tier_year_sum') }}
    where is_present
),

judged as (select * from {{ ref('int_tier_rating_resolve') }}),
criteria as (select * from {{ ref('tier_criteria') }}),
matrix as (select * from {{ ref('tier_matrix') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

amounts as (
    select
        account_id,
        quarter_start,
        'revenue' as rating_source,
        revenue_amount as amount
    from accounts
    where revenue_amount is not null
    union all
    select
        account_id,
        quarter_start,
        'net_profit' as rating_source,
        net_profit_amount as amount
    from accounts
    where net_profit_amount is not null
),

-- the place of each among those known, from the bottom; equal amounts share the mean of theirs
placed as (
    select
        account_id,
        quarter_start,
        rating_source,
        cast(rank() over (partition by quarter_start, rating_source order by amount asc) as double)
        + cast(count(*) over (partition by quarter_start, rating_source, amount) - 1 as double) / 2
            as place,
        cast(count(*) over (partition by quarter_start, rating_source) as double) as places_count
    from amounts
),

ratings as (
    select
        account_id,
        quarter_start,
        'attractiveness' as axis,
        rating_source,
        case
            when places_count = 1 then cast(5.5 as double)
            else 1 + 9 * (place - 1) / (places_count - 1)
        end as rating
    from placed
    union all
    select
        account_id,
        quarter_start,
        axis,
        'rating' as rating_source,
        rating
    from judged
),

weighed as (
    select
        ratings.*,
        criteria.weight,
        case when ratings.rating_source <> 'net_profit' then criteria.weight end as other_weight
    from ratings
    inner join criteria
        on
            ratings.axis = criteria.axis
            and ratings.rating_source = criteria.rating_source
),

-- % of maximum (Huthwaite): sum of weight x rating, of the most that the rated criteria allow
scored as (
    select
        account_id,
        quarter_start,
        axis,
        -- rounded, as the ratings are: the most there could be is 100
        cast(cast(
            100 * {{ exact_sum('weight * rating') }} / {{ exact_sum('10 * weight') }}
            as decimal(18, 12)
        ) as double) as score,
        cast(cast(
            100 * {{ exact_sum('other_weight * rating') }} / {{ exact_sum('10 * other_weight') }}
            as decimal(18, 12)
        ) as double) as score_without_profit,
        max(case when rating_source = 'rating' then rating end) as judged_rating,
        max(case when rating_source = 'revenue' then rating end) as revenue_rating,
        max(case when rating_source = 'net_profit' then rating end) as net_profit_rating
    from weighed
    group by account_id, quarter_start, axis
),

banded as (
    select
        scored.*,
        case
            when scored.score >= thresholds.tier_band_high then 'high'
            when scored.score >= thresholds.tier_band_middle then 'middle'
            when scored.score is not null then 'low'
        end as band,
        case
            when scored.score_without_profit >= thresholds.tier_band_high then 'high'
            when scored.score_without_profit >= thresholds.tier_band_middle then 'middle'
            when scored.score_without_profit is not null then 'low'
        end as band_without_profit
    from scored
    cross join thresholds
),

rating_ages as (
    select
        account_id,
        quarter_start,
        max(age_quarters) as rating_age_quarters
    from judged
    group by account_id, quarter_start
),

final as (
    select
        accounts.account_id,
        accounts.quarter_start,
        accounts.quarter_no,
        accounts.override_tier,
        accounts.override_reason,
        accounts.profit_months_count,
        accounts.held_months_count,
        accounts.revenue_amount,
        accounts.cost_to_serve_amount,
        accounts.net_profit_amount,
        attractive.judged_rating as potential_rating,
        attractive.revenue_rating,
        attractive.net_profit_rating,
        rating_ages.rating_age_quarters,
        attractive.score as attractiveness,
        attractive.score_without_profit as attractiveness_without_profit,
        strong.score as strength,
        attractive.band as attractiveness_band,
        strong.band as strength_band,
        matrix.tier as due_tier,
        matrix_without_profit.tier as due_tier_without_profit
    from accounts
    left join banded as attractive
        on
            accounts.account_id = attractive.account_id
            and accounts.quarter_start = attractive.quarter_start
            and attractive.axis = 'attractiveness'
    left join banded as strong
        on
            accounts.account_id = strong.account_id
            and accounts.quarter_start = strong.quarter_start
            and strong.axis = 'strength'
    left join rating_ages
        on
            accounts.account_id = rating_ages.account_id
            and accounts.quarter_start = rating_ages.quarter_start
    left join matrix
        on
            attractive.band = matrix.attractiveness_band
            and strong.band = matrix.strength_band
    left join matrix as matrix_without_profit
        on
            attractive.band_without_profit = matrix_without_profit.attractiveness_band
            and strong.band = matrix_without_profit.strength_band
)

select * from final
