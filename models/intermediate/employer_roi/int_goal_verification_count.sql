-- one row per account ('all' too): its goals, and those that somebody verified
with goals as (select * from {{ ref('stg_goal') }}),
outcomes as (select * from {{ ref('stg_verified_outcome') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- an anecdote verifies nothing
verified as (
    select
        outcomes.goal_id,
        max(
            case outcomes.method
                when 'pre_post' then 'C'
                when 'matched' then 'B'
                else 'A'
            end
        ) as evidence_grade
    from outcomes
    cross join as_of
    where outcomes.method <> 'anecdote' and outcomes.verified_at < as_of.known_before_at
    group by outcomes.goal_id
)

select
    {{ all_or('goals.account_id') }} as account_id,
    cast(count(verified.goal_id) as bigint) as verified_count,
    cast(count(*) as bigint) as goals_count,
    max(verified.evidence_grade) as evidence_grade
from goals
left join verified on goals.goal_id = verified.goal_id
group by rollup(goals.account_id)
having count(*) > 0
