-- one row per moment and component that comes from evaluations: the newest one by that day
with moments as (select * from {{ ref('int_health_moment_find') }}),
history as (select * from {{ ref('int_evidence_history_collect') }}),

newest as (
    select
        moments.moment_key,
        history.*,
        row_number() over (
            partition by moments.moment_key, history.component_code
            order by history.evaluated_on desc
        ) as evaluation_no
    from moments
    inner join history
        on
            moments.account_id = history.account_id
            and moments.observed_on >= history.evaluated_on
),

final as (
    select
        moment_key,
        component_code,
        evaluated_on,
        case when is_supplied then value end as value, -- noqa: RF04
        people_count,
        period_end as evidence_on,
        evidence_grade,
        reason
    from newest
    where evaluation_no = 1
)

select * from final
