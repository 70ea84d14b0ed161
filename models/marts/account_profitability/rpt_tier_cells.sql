with tiers as (select * from {{ ref('rpt_account_tiers') }}),
matrix as (select * from {{ ref('tier_matrix') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

-- a score of 1 to 10 by weight is 10 to 100 points
bands as (
    select
        'low' as band,
        cast(10 as double) as band_from,
        tier_band_middle as band_to
    from thresholds
    union all
    select
        'middle' as band,
        tier_band_middle as band_from,
        tier_band_high as band_to
    from thresholds
    union all
    select
        'high' as band,
        tier_band_high as band_from,
        cast(100 as double) as band_to
    from thresholds
),

quarters as (
    select quarter_start
    from tiers
    group by quarter_start
),

counted as (
    select
        quarter_start,
        attractiveness_band,
        strength_band,
        count(*) as accounts_count,
        sum(case when changed_by_profit then 1 else 0 end) as changed_by_profit_count
    from tiers
    where is_rated
    group by quarter_start, attractiveness_band, strength_band
),

final as (
    select
        {{ surrogate_key([
            'quarters.quarter_start', 'matrix.attractiveness_band', 'matrix.strength_band'
        ]) }} as tier_cell_key,
        quarters.quarter_start,
        matrix.attractiveness_band,
        matrix.strength_band,
        matrix.tier,
        attractive.band_from as attractiveness_from,
        attractive.band_to as attractiveness_to,
        strong.band_from as strength_from,
        strong.band_to as strength_to,
        cast(coalesce(counted.accounts_count, 0) as bigint) as accounts_count,
        cast(coalesce(counted.changed_by_profit_count, 0) as bigint) as changed_by_profit_count
    from quarters
    cross join matrix
    inner join bands as attractive on matrix.attractiveness_band = attractive.band
    inner join bands as strong on matrix.strength_band = strong.band
    left join counted
        on
            quarters.quarter_start = counted.quarter_start
            and matrix.attractiveness_band = counted.attractiveness_band
            and matrix.strength_band = counted.strength_band
)

select * from final
