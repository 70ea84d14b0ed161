with stages as (select * from {{ ref('stages') }}),
supply as (select * from {{ ref('int_entity_supply') }}),

supplied_stages as (
    select
        stages.stage_code,
        lag(stages.stage_code) over (order by stages.stage_order) as previous_stage_code
    from stages
    inner join supply on stages.required_entity = supply.entity
    where supply.known_rows_count > 0 and stages.dated_by <> 'none'
),

final as (
    select
        stages.stage_code,
        stages.stage_order,
        stages.layer,
        stages.title,
        stages.definition,
        stages.required_entity,
        stages.metric_code,
        stages.needs_previous,
        supplied_stages.previous_stage_code,
        supplied_stages.stage_code is not null as is_supplied
    from stages
    left join supplied_stages on stages.stage_code = supplied_stages.stage_code
)

select * from final
