with stages as (select * from {{ ref('stages') }}),
supply as (select * from {{ ref('int_entity_supply') }}),

-- a stage needs its own rows, and those of the spells or enrollments that it counts
known_stages as (
    select
        stages.stage_code,
        stages.stage_order,
        stages.dated_by,
        stages.needs_previous
    from stages
    inner join supply as own on stages.required_entity = own.entity
    inner join supply as counted
        on
            counted.entity = case
                when stages.dated_by = 'fct_eligibility_journeys' then 'eligibility'
                else 'enrollment'
            end
    where own.known_rows_count > 0 and counted.known_rows_count > 0
),

supplied_stages as (
    select
        stage_code,
        case
            when needs_previous
                then lag(stage_code) over (partition by needs_previous order by stage_order)
            else first_value(stage_code) over (partition by dated_by order by stage_order)
        end as previous_stage_code
    from known_stages
),

final as (
    select
        stages.stage_code,
        stages.stage_order,
        stages.layer,
        stages.title,
        stages.definition,
        stages.required_entity,
        stages.dated_by,
        stages.metric_code,
        stages.needs_previous,
        supplied_stages.previous_stage_code,
        supplied_stages.stage_code is not null as is_supplied
    from stages
    left join supplied_stages on stages.stage_code = supplied_stages.stage_code
)

select * from final
