-- one row per moment and component: its points, and what they weigh
with measures as (select * from {{ ref('int_health_component_measure') }}),
components as (select * from {{ ref('health_components') }}),
weights as (select * from {{ ref('health_weights') }}),

scored as (
    select
        measures.*,
        coalesce(weights.weight, cast(0 as double)) as weight,
        least(
            greatest(
                100 * (measures.value - components.low_value)
                / (components.high_value - components.low_value),
                cast(0 as double)
            ),
            cast(100 as double)
        ) as points
    from measures
    inner join components on measures.component_code = components.component_code
    left join weights
        on
            measures.weights_version = weights.version
            and measures.component_code = weights.component_code
),

final as (
    select
        moment_key,
        account_id,
        observed_on,
        component_code,
        value,
        -- in whole points, half a point up on both engines
        cast(
            cast(
                cast(case when is_supplied then points end as decimal(28, 9)) as decimal(9, 0)
            ) as decimal(9, 4)
        ) as score,
        weight,
        people_count,
        evidence_on,
        cast({{ days_between('evidence_on', 'observed_on') }} as int) as evidence_age_days,
        evidence_grade,
        is_supplied,
        reason
    from scored
)

select * from final
