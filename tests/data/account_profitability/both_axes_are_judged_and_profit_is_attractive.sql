-- What: in the seed `tier_criteria` each axis has the criterion of what people judged; revenue and
--   net profit are criteria of attractiveness.
-- When it matters: without it the landed ratings of an axis would count for nothing; and what an
--   account earns says how attractive it is, not how strong we are there.
-- How to resolve: correct the seed.
with axes as (
    select 'attractiveness' as axis
    union all
    select 'strength' as axis
)

select
    axes.axis,
    'rating' as rating_source
from axes
left join {{ ref('tier_criteria') }} as criteria
    on axes.axis = criteria.axis and criteria.rating_source = 'rating'
where criteria.axis is null
union all
select
    axis,
    rating_source
from {{ ref('tier_criteria') }}
where rating_source <> 'rating' and axis <> 'attractiveness'
