-- What: each of the nine cells of attractiveness by strength has a tier, and one that is better on
--   either axis has no worse one.
-- When it matters: a cell without a tier makes accounts unrated; in a matrix that turns back, an
--   account that earns more could fall.
-- How to resolve: correct the seed `tier_matrix`.
with bands as (
    select
        'low' as band,
        1 as band_order
    union all
    select
        'middle' as band,
        2 as band_order
    union all
    select
        'high' as band,
        3 as band_order
),

cells as (
    select
        attractive.band as attractiveness_band,
        strong.band as strength_band,
        attractive.band_order as attractiveness_order,
        strong.band_order as strength_order,
        matrix.tier
    from bands as attractive
    cross join bands as strong
    left join {{ ref('tier_matrix') }} as matrix
        on
            attractive.band = matrix.attractiveness_band
            and strong.band = matrix.strength_band
)

select
    cells.attractiveness_band,
    cells.strength_band,
    cells.tier
from cells
left join cells as better
    on
        cells.attractiveness_order <= better.attractiveness_order
        and cells.strength_order <= better.strength_order
        and cells.tier < better.tier
where cells.tier is null or better.tier is not null
