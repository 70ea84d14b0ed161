-- What: of two values of a component the higher never has the lower score.
-- When it matters: an account would be told to do worse.
-- How to resolve: low_value of `health_components` must lie below high_value; see
--   int_health_component_score.
with ordered as (
    select
        component_code,
        value,
        score,
        max(score) over (
            partition by component_code
            order by value
            rows between unbounded preceding and 1 preceding
        ) as best_score_below
    from {{ ref('int_health_component_score') }}
    where is_supplied
)

select *
from ordered
where score < best_score_below
