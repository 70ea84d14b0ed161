with stages as (select * from {{ ref('stages') }}),
batches as (select * from {{ source('load_ledger', 'batches') }}),

supplied_entities as (
    select entity
    from batches
    where status = 'loaded'
    group by entity
    having sum(accepted_count) > 0
),

supplied_stages as (
    select
        stages.stage_code,
        lag(stages.stage_code) over (order by stages.stage_order) as previous_stage_code
    from stages
    inner join supplied_entities on stages.required_entity = supplied_entities.entity
),

final as (
    select
        stages.stage_code,
        stages.stage_order,
        stages.layer,
        stages.title,
        stages.definition,
        stages.required_entity,
        supplied_stages.previous_stage_code,
        supplied_stages.stage_code is not null as is_supplied
    from stages
    left join supplied_stages on stages.stage_code = supplied_stages.stage_code
)

select * from final
