-- one row per month and component: the reference account, the median of all accounts served
with moments as (select * from {{ ref('int_health_moment_find') }}),
scores as (select * from {{ ref('int_health_component_score') }}),

served as (
    select
        moments.month,
        scores.component_code,
        cast(scores.score as double) as score
    from scores
    inner join moments on scores.moment_key = moments.moment_key
    where moments.is_month_end and scores.is_supplied
)

select
    month,
    component_code,
    {{ points('percentile_cont(0.5) within group (order by score)') }} as reference_score,
    cast(count(*) as bigint) as accounts_count
from served
group by month, component_code
