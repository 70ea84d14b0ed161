-- What: each version weighs each component, the weights add up to 1, context weighs nothing, and a
--   higher version begins later.
-- When it matters: a weight that is missing takes a component out of every health; profit must
--   never be a reason to renew.
-- How to resolve: mend the newest version in the seed `health_weights`, never an older one.
with versions as (
    select
        weights.version,
        min(weights.valid_from) as valid_from,
        count(distinct weights.valid_from) as dates_count,
        count(*) as weights_count,
        sum(weights.weight) as weights_sum,
        sum(case when components.kind = 'context' then weights.weight else 0 end)
            as context_weight
    from {{ ref('health_weights') }} as weights
    inner join {{ ref('health_components') }} as components
        on weights.component_code = components.component_code
    group by weights.version
),

listed as (
    select count(*) as components_count
    from {{ ref('health_components') }}
),

ordered as (
    select
        *,
        lag(valid_from) over (order by version) as previous_valid_from
    from versions
)

select ordered.*
from ordered
cross join listed
where
    ordered.dates_count <> 1
    or ordered.weights_count <> listed.components_count
    or abs(ordered.weights_sum - 1) > 1e-9
    or ordered.context_weight <> 0
    or ordered.previous_valid_from >= ordered.valid_from
